/** A trie of a million items takes little time to build and little memory. */
import { Trie } from '../../models/decoding/trie';
import { clusteredRows } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { median, timeCalls } from '../harness';

export const trieBuild: Claim = {
  name: 'trie-build-1m',
  what: 'a trie of 1,000,000 items from arrays of codes',
  unit: 's',
  limits: [
    { on: 'ours', atMost: 0.3 },
    { on: { note: 'sizeMb' }, atMost: 64 },
  ],
  measure,
  peer: { kind: 'none' },
};

async function measure(): Promise<Figures> {
  const rows = clusteredRows(1_000_000, 'base');
  const times = await timeCalls(() => void Trie.build(rows), { warmUp: 2, calls: 5 });
  const before = bytesInUse();
  const trie = Trie.build(rows);
  const sizeMb = (bytesInUse() - before) / 2 ** 20;
  if (trie.size !== rows.itemIds.length)
    throw new Error(`trie: expected ${rows.itemIds.length} items, got ${trie.size}`);
  return { value: median(times) / 1000, notes: { sizeMb } };
}

function bytesInUse(): number {
  // The collector frees typed arrays only one pass after it has found them unreachable.
  for (let pass = 0; pass < 3; pass++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
