/**
 * A search takes at most so long, however large the catalogue is; in a small one it takes less, since few codes are enough to know an
 * item. The item head looks at every item.
 */
import { clusteredRows } from '../catalogues';
import type { Claim, Limit } from '../claim';
import { measureDecoding, type DecodingSettings } from '../decoding';
import { figuresFrom } from '../harness';

export const decodeMillion = growth('decode-1m-over-1k', 'paper', [{ on: 'ratio', atMost: 2 }]);
export const baseMillion = growth('base-1m-over-1k', 'base', []);

function growth(name: string, preset: DecodingSettings['preset'], limits: readonly Limit[]): Claim {
  const among = async (items: number) => {
    const settings = { preset, rows: clusteredRows(items, preset), users: 1, threads: 'one' } as const;
    return figuresFrom(await measureDecoding(settings, { warmUp: 10, calls: 100 }), 'one');
  };
  return {
    name,
    what: `one user's list among 1,000,000 items over the same among 1,000, preset ${preset}, p50`,
    unit: 'ms',
    limits,
    measure: () => among(1_000_000),
    peer: { kind: 'measure', measure: () => among(1000) },
  };
}
