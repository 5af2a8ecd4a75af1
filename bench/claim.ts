/** A claim of the bench: what is measured, what it is compared with, and which limits it must meet. */

/** The figures of one measurement. Each measurement runs in a process of its own. */
export interface Figures {
  /** The measured value, in the claim's unit. */
  readonly value: number;
  /** The peer's value, for claims that must measure both sides in one process. */
  readonly peer?: number;
  /**
   * Processor time of all threads, in the claim's unit. Only of rows in which both sides have one thread: PyTorch's threads spin while
   * they wait for one another.
   */
  readonly cpu?: number;
  /** Further figures by name. The name has the unit, as in `peakRssMb`. */
  readonly notes?: Readonly<Record<string, number>>;
}

/** @param shopDir - The folder of the claim's shop; an empty string when it has none. */
export type Measure = (shopDir: string) => Promise<Figures>;

/** How many threads a measurement may use; a row has the same for both sides. */
export type Threads = 'one' | 'all';

/** A PyTorch program of bench/peers, and the figure that is read from its report. */
export interface TorchPeer {
  readonly kind: 'torch';
  readonly script: string;
  /** Arguments of the program. The runner adds `--threads` and `--json`. */
  readonly args: readonly string[];
  readonly threads: Threads;
  readonly figure: (report: TorchReport) => number;
  readonly notes?: (report: TorchReport) => Readonly<Record<string, number>>;
}

export interface TorchReport {
  readonly step_ms?: { readonly median: number };
  readonly step_cpu_ms?: { readonly median: number };
  readonly call_ms?: { readonly median: number };
  readonly call_cpu_ms?: { readonly median: number };
  readonly peak_rss_mb: number;
  readonly settings: { readonly blas: string };
}

/** The peer of `ours`: PyTorch, another measurement of our own, a value measured in the same process, or none. */
export type Peer =
  | TorchPeer
  | { readonly kind: 'measure'; readonly measure: Measure }
  | { readonly kind: 'beside' }
  | { readonly kind: 'none' };

/** A limit on one figure: the ratio, our value, our value minus the peer's, or one of our notes by its name. A row may have none. */
export interface Limit {
  readonly on: 'ratio' | 'ours' | 'difference' | { readonly note: string };
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Claim {
  readonly name: string;
  /** The measured thing, in one line. */
  readonly what: string;
  readonly unit: string;
  readonly limits: readonly Limit[];
  readonly measure: Measure;
  readonly peer: Peer;
  /** The shop that it needs. It is made once for the whole bench. */
  readonly shop?: ShopName;
}

export type ShopName = 'large' | 'small';
