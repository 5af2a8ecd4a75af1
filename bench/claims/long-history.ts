/** The cost of a long history: the encoder reads five times as many tokens, once. */
import { uniformRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { PEER_ITEMS, timeDecoding } from '../decoding';
import { median } from '../harness';

export const longHistory: Claim = {
  name: 'beam-long-history',
  what: "one user's list from 100 items of history over the same from 20, p50",
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 5 }],
  measure: () => decodeFrom(100),
  peer: { kind: 'measure', measure: () => decodeFrom(20) },
};

async function decodeFrom(history: number): Promise<Figures> {
  const times = await timeDecoding(uniformRows(PEER_ITEMS), 1, { warmUp: 10, calls: 60 }, history);
  return { value: median(times) };
}
