/** What a claim of the bench is: what is measured, against what, and what would be good enough. */

/** One measurement, made in a process of its own. */
export interface Figures {
  /** In the claim's unit. */
  readonly value: number;
  /** What it is compared with, where both can only be measured side by side in one process. */
  readonly peer?: number;
  /** Further figures by name, with the unit in the name: `peakRssMb`. */
  readonly notes?: Readonly<Record<string, number>>;
}

/** @param shopDir - The folder of the claim's shop; empty when it has none. */
export type Measure = (shopDir: string) => Promise<Figures>;

/** A PyTorch program of bench/peers and the figure in its report. */
export interface TorchPeer {
  readonly kind: 'torch';
  readonly script: string;
  /** Without `--threads` and `--json`. */
  readonly args: readonly string[];
  readonly figure: (report: TorchReport) => number;
  readonly notes?: (report: TorchReport) => Readonly<Record<string, number>>;
}

export interface TorchReport {
  readonly step_ms?: { readonly median: number };
  readonly call_ms?: { readonly median: number };
  readonly peak_rss_mb: number;
  readonly settings: { readonly blas: string };
}

/** What `ours` is compared with: PyTorch, another measurement of our own, one made beside it, or nothing. */
export type Peer =
  | TorchPeer
  | { readonly kind: 'measure'; readonly measure: Measure }
  | { readonly kind: 'beside' }
  | { readonly kind: 'none' };

/** A bound on one figure: the ratio, ours, ours − peer, or a note of ours by its name. */
export interface Limit {
  readonly on: 'ratio' | 'ours' | 'difference' | { readonly note: string };
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Claim {
  readonly name: string;
  /** One line for people. */
  readonly what: string;
  readonly unit: string;
  readonly limits: readonly Limit[];
  readonly measure: Measure;
  readonly peer: Peer;
  /** The shop that it needs, made once a bench. */
  readonly shop?: ShopName;
}

export type ShopName = 'large' | 'small';
