/** Decoding does not slow down as the catalogue grows. */
import { clusteredRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { timeDecoding } from '../decoding';
import { median } from '../harness';

export const decodeMillion: Claim = {
  name: 'decode-1m-over-1k',
  what: "one user's decode among 1,000,000 items over the same among 1,000, p50",
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1.2 }],
  measure: () => decodeAmong(1_000_000),
  peer: { kind: 'measure', measure: () => decodeAmong(1000) },
};

async function decodeAmong(items: number): Promise<Figures> {
  return { value: median(await timeDecoding(clusteredRows(items), 1, { warmUp: 20, calls: 200 })) };
}
