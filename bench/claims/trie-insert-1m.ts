/** Items are added and moved in a trie of a million items, while readers use an older version, which does not change. */
import { Trie, type TrieRows } from '../../models/decoding/trie';
import { findPrefix } from '../../models/decoding/trie-view';
import { createRandom, type Random } from '../../models/math/random';
import { clusteredRows, codesOf, NUM_LEVELS } from '../catalogues';
import type { Claim, Figures } from '../claim';
import { median, quantile } from '../harness';

const WRITES = 5000;
const READS_BETWEEN = 5;

export const trieInsert: Claim = {
  name: 'trie-insert-1m',
  what: 'an insertion or reassignment in a trie of 1,000,000 items with a reader, p99',
  unit: 'ms',
  limits: [{ on: 'ours', atMost: 1 }],
  measure,
  peer: { kind: 'none' },
};

async function measure(): Promise<Figures> {
  const rows = clusteredRows(1_000_000, 'base');
  const random = createRandom(3);
  const held = Trie.build(rows);
  let trie = held;
  const [writes, reads]: [number[], number[]] = [[], []];
  for (let write = 0; write < 2 * WRITES; write++) {
    const change =
      write % 2 === 0 ? insertion(trie, rows.itemIds.length + write, random) : reassignment(trie, rows, random);
    const begin = performance.now();
    trie = trie.with([change]);
    if (write >= WRITES) writes.push(performance.now() - begin);
    for (let read = 0; read < READS_BETWEEN; read++) reads.push(timeRead(held, rows, random));
  }
  return {
    value: quantile(writes, 0.99),
    notes: { writeP50Ms: median(writes), readP50Ms: median(reads), readP99Ms: quantile(reads, 0.99) },
  };
}

/** Times one look-up in the first version, where every item still has its first ID. */
function timeRead(held: Trie, rows: TrieRows, random: Random): number {
  const row = random.int(rows.itemIds.length);
  const codes = codesOf(rows, row);
  const begin = performance.now();
  const leaf = findPrefix(held, codes);
  const elapsed = performance.now() - begin;
  if (leaf === null || held.item(leaf) !== rows.itemIds[row])
    throw new Error(`reader: expected item ${row}, got another`);
  return elapsed;
}

function insertion(trie: Trie, itemId: number, random: Random) {
  return { itemId, before: null, after: freeCodes(trie, random) };
}

/** Moves an item that still has its first ID, as most items have. */
function reassignment(trie: Trie, rows: TrieRows, random: Random) {
  for (;;) {
    const row = random.int(rows.itemIds.length);
    const before = codesOf(rows, row);
    const leaf = findPrefix(trie, before);
    if (leaf !== null && trie.item(leaf) === rows.itemIds[row])
      return { itemId: rows.itemIds[row], before, after: freeCodes(trie, random) };
  }
}

function freeCodes(trie: Trie, random: Random): number[] {
  for (;;) {
    const codes = Array.from({ length: NUM_LEVELS }, () => random.int(trie.codebookSize));
    if (findPrefix(trie, codes) === null) return codes;
  }
}
