/** The cost of a long history: the encoder reads five times as many tokens, once. */
import { uniformRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { measureDecoding, PEER_ITEMS } from '../decoding';
import { figuresFrom } from '../harness';

export const longHistory: Claim = {
  name: 'beam-long-history',
  what: "one user's list from 100 items of history over the same from 20, preset paper, one core, p50",
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 5 }],
  measure: () => decodeFrom(100),
  peer: { kind: 'measure', measure: () => decodeFrom(20) },
};

async function decodeFrom(history: number): Promise<Figures> {
  const settings = {
    preset: 'paper',
    rows: uniformRows(PEER_ITEMS, 'paper'),
    users: 1,
    history,
    threads: 'one',
  } as const;
  return figuresFrom(await measureDecoding(settings, { warmUp: 10, calls: 40 }), 'one');
}
