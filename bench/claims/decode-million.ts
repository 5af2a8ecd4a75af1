/**
 * A search takes at most so long, however large the catalogue is; in a small one it takes less, since few codes are enough to know an
 * item. The item head and texts look at every one of 10,000 items, and at candidates of a million.
 */
import { clusteredRows } from '../catalogues';
import type { Claim, Limit } from '../claim';
import { measureDecoding, type DecodingSettings } from '../decoding';
import { figuresFrom } from '../harness';

export const decodeMillion = growth('decode-1m-over-1k', 'paper', 1000, { on: 'ratio', atMost: 2 });
export const baseMillion = growth('base-1m-over-10k', 'base', 10_000, { on: 'ratio', atMost: 1.5 });

function growth(name: string, preset: DecodingSettings['preset'], few: number, limit: Limit): Claim {
  const among = async (items: number) => {
    const settings = { preset, rows: clusteredRows(items, preset), users: 1, threads: 'one' } as const;
    return figuresFrom(await measureDecoding(settings, { warmUp: 10, calls: 100 }), 'one');
  };
  return {
    name,
    what: `one user's list among 1,000,000 items over the same among ${few.toLocaleString('en')}, preset ${preset}, p50`,
    unit: 'ms',
    limits: [limit],
    measure: () => among(1_000_000),
    peer: { kind: 'measure', measure: () => among(few) },
  };
}
