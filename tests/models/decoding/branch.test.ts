import fc from 'fast-check';

import { Trie } from '../../../models/decoding/trie';
import { childrenOf, findPrefix } from '../../../models/decoding/trie-view';

const ID_LENGTH = 4;
const CODEBOOK_SIZE = 40;
const ALL_CODES = Array.from({ length: CODEBOOK_SIZE }, (_, code) => code);

/** Few first and second codes and many third ones: long runs of rows with equal codes, and short ones. */
const semanticId = fc.tuple(fc.nat(1), fc.nat(2), fc.nat(CODEBOOK_SIZE - 1), fc.nat(5)).map((codes): number[] => codes);
const semanticIds = fc.uniqueArray(semanticId, { maxLength: 150, selector: String });

function build(ids: readonly (readonly number[])[]): Trie {
  return Trie.build({
    idLength: ID_LENGTH,
    codebookSize: CODEBOOK_SIZE,
    itemIds: Int32Array.from(ids.keys()),
    codes: Int32Array.from(ids.flat()),
  });
}

const startsWith = (id: readonly number[], prefix: readonly number[]) =>
  prefix.every((code, level) => id[level] === code);
const prefixesOf = (ids: readonly number[][]) =>
  new Set(ids.flatMap((id) => [0, 1, 2, 3].map((length) => JSON.stringify(id.slice(0, length)))));

/** Next code → items under it, by looking at every ID. */
function nextCodes(ids: readonly number[][], prefix: readonly number[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const id of ids) {
    const code = id[prefix.length];
    if (startsWith(id, prefix)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

describe('Branch', () => {
  it('offers after each prefix the codes of the IDs that begin so, and no other', () => {
    fc.assert(
      fc.property(semanticIds, (ids) => {
        const trie = build(ids);
        for (const key of prefixesOf(ids)) {
          const prefix = JSON.parse(key) as number[];
          const node = findPrefix(trie, prefix)!;
          const expected = nextCodes(ids, prefix);
          expect(childrenOf(trie, node).map((child) => [child.code, trie.count(child.node)])).toEqual(expected);
          const followed = ALL_CODES.filter((code) => trie.child(node, code) !== null);
          expect(followed).toEqual(expected.map(([code]) => code));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('refuses to take out what it does not have, whatever lies beside', () => {
    const trie = build([
      [0, 1, 5, 0],
      [0, 1, 7, 0],
    ]);
    const remove = (itemId: number, codes: number[]) => () => trie.with([{ itemId, before: codes, after: null }]);
    expect(remove(0, [0, 1, 5, 0])).not.toThrow();
    expect(remove(1, [0, 1, 5, 0])).toThrow('item 1: expected it to have the ID [0, 1, 5, 0], it does not');
    expect(remove(1, [0, 1, 6, 0])).toThrow('item 1: expected it to have the ID [0, 1, 6, 0], it does not');
    expect(remove(1, [0, 1, 8, 0])).toThrow('item 1: expected it to have the ID [0, 1, 8, 0], it does not');
    expect(remove(1, [1, 1, 7, 0])).toThrow('item 1: expected it to have the ID [1, 1, 7, 0], it does not');
  });

  it('refuses to take an item out twice, which would take another one with it', () => {
    const trie = build([
      [0, 1, 5, 0],
      [0, 1, 7, 0],
    ]);
    const move = (...after: number[]) => ({ itemId: 1, before: [0, 1, 7, 0], after });
    expect(() => trie.with([move(0, 2, 0, 0), move(0, 2, 0, 1)])).toThrow(
      'item 1: expected to be removed once, got it twice',
    );
  });
});
