/** Where the items of a bulk add come from. */
export interface BulkSource {
  readonly text: string;
  /** Stands for the text, which is kept; null: the text counts. */
  readonly file: File | null;
}

export const NO_SOURCE: BulkSource = { text: '', file: null };
