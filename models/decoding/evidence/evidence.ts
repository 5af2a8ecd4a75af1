/** The interface of all evidence: probabilities of the next item that no model learns. */

/** A user's events as evidence reads them, oldest first. */
export interface EvidenceHistory {
  /** Item rows; those outside a table are passed over. */
  readonly items: ArrayLike<number>;
  /** Index of each event's kind: see `KINDS`. */
  readonly kinds: ArrayLike<number>;
  /** How many events each stands for: see `runsOf`. */
  readonly counts: ArrayLike<number>;
  /** Milliseconds since the epoch. */
  readonly times: ArrayLike<number>;
  /** The moment for which a list is made, in the same unit. */
  readonly at: number;
}

export interface Evidence {
  /**
   * @param live - 1 for each item row that may be next, 0 for the others; float32 `[N]`; absent: each may.
   * @returns Item row → probability of being next; they sum to 1. Empty: the evidence says nothing about this history.
   */
  probabilities(history: EvidenceHistory, live?: Float32Array): ReadonlyMap<number, number>;
}
