import fc from 'fast-check';

import { TrieError } from '../../../models/decoding/branch';
import { AllowMask } from '../../../models/decoding/restricted-trie';
import { Trie, type CodeChange } from '../../../models/decoding/trie';
import { childrenOf, findPrefix, type TrieView } from '../../../models/decoding/trie-view';
import { idsOf, nodesOf, printedIds } from '../../support/trie-nodes';

const ID_LENGTH = 3;
const CODEBOOK_SIZE = 4;
const code = fc.integer({ min: 0, max: CODEBOOK_SIZE - 1 });
const semanticId = fc.tuple(code, code, code).map((codes) => codes.join('.'));

/** ID → item: what a trie must agree with. */
type Model = Map<string, number>;

const parse = (key: string) => key.split('.').map(Number);
const sortedEntries = (model: Model) => [...model].sort(([a], [b]) => (a < b ? -1 : 1));

function build(model: Model): Trie {
  return Trie.build({
    idLength: ID_LENGTH,
    codebookSize: CODEBOOK_SIZE,
    itemIds: Int32Array.from(model.values()),
    codes: Int32Array.from([...model.keys()].flatMap(parse)),
  });
}

function contents(trie: Trie): [string, number][] {
  return Array.from(idsOf(trie), ({ itemId, codes }) => [codes.join('.'), itemId]);
}

/** Prefix → items that qualify under it, counted one by one. */
function prefixCounts(model: Model, qualifies: (itemId: number) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [key, itemId] of sortedEntries(model)) {
    if (!qualifies(itemId)) continue;
    const codes = parse(key);
    for (let n = 1; n <= ID_LENGTH; n++) {
      const prefix = codes.slice(0, n).join('.');
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
    }
  }
  return counts;
}

const countsOf = (view: TrieView) =>
  new Map(Array.from(nodesOf(view), ({ codes, node }) => [codes.join('.'), view.count(node)]));

const model = fc
  .uniqueArray(semanticId, { maxLength: 40 })
  .map((keys): Model => new Map(keys.map((key, i) => [key, i])));

describe('Trie', () => {
  const shop = () =>
    Trie.build({
      idLength: 3,
      codebookSize: 4,
      itemIds: Int32Array.of(10, 11, 12, 13),
      codes: Int32Array.of(2, 0, 0, 0, 3, 1, 0, 3, 0, 0, 1, 2),
    });

  it('lists what may follow a prefix', () => {
    const trie = shop();
    expect(childrenOf(trie, trie.root()).map(({ code: c }) => c)).toEqual([0, 2]);
    expect(childrenOf(trie, findPrefix(trie, [0])!).map(({ code: c, node }) => [c, trie.count(node)])).toEqual([
      [1, 1],
      [3, 2],
    ]);
    expect(findPrefix(trie, [0, 2])).toBeNull();
    expect(findPrefix(trie, [0, 3, 1, 0])).toBeNull();
  });

  it('names the item of a whole ID, and of nothing shorter', () => {
    const trie = shop();
    expect(trie.item(findPrefix(trie, [0, 3, 1])!)).toBe(11);
    expect(() => trie.item(findPrefix(trie, [0, 3])!)).toThrow('leaf: expected a node of 3 codes, got 2');
    expect(() => trie.item(findPrefix(trie, [])!)).toThrow('leaf: expected a node of 3 codes, got 0');
  });

  it('refuses a taken ID by name, and stays as it was', () => {
    const trie = shop();
    const before = printedIds(trie);
    expect(() => trie.with([{ itemId: 9, before: null, after: [0, 3, 1] }])).toThrow(
      new TrieError('ID [0, 3, 1]: expected one item, got 9 and 11'),
    );
    expect(() => trie.with([{ itemId: 9, before: [0, 3, 1], after: null }])).toThrow(
      'item 9: expected it to have the ID',
    );
    expect(() => trie.with([{ itemId: 9, before: null, after: [0, 4, 1] }])).toThrow(
      'expected 3 in 0 … 3, got [0, 4, 1]',
    );
    for (const after of [
      [0, 1],
      [0, -1, 1],
      [0, 1.5, 1],
    ])
      // prettier-ignore
      expect(() => trie.with([{ itemId: 9, before: null, after }])).toThrow(
        `expected 3 in 0 … 3, got [${after.join(', ')}]`,
      );
    expect(printedIds(trie)).toBe(before);
  });

  it('refuses rows that cannot be a trie', () => {
    const rows = { idLength: 2, codebookSize: 4, itemIds: Int32Array.of(5, 6) };
    expect(() => Trie.build({ ...rows, codes: Int32Array.of(1, 1, 1, 1) })).toThrow('expected one item, got 5 and 6');
    expect(() => Trie.build({ ...rows, codes: Int32Array.of(1, 1, 1, 4) })).toThrow(
      'item 6: expected codes in 0 … 3, got 4 at level 1',
    );
    expect(() => Trie.build({ ...rows, codes: Int32Array.of(1, 1, -1, 1) })).toThrow('0 … 3, got -1 at level 0');
  });

  it('lets two items swap their IDs in one change', () => {
    const swapped = shop().with([
      { itemId: 10, before: [2, 0, 0], after: [0, 3, 1] },
      { itemId: 11, before: [0, 3, 1], after: [2, 0, 0] },
    ]);
    expect(swapped.item(findPrefix(swapped, [2, 0, 0])!)).toBe(11);
    expect(swapped.item(findPrefix(swapped, [0, 3, 1])!)).toBe(10);
    expect(swapped.size).toBe(4);
  });

  it('equals a plain map after any changes, and leaves earlier versions unchanged', () => {
    const change = fc.record({ kind: fc.constantFrom('add', 'remove', 'move'), key: semanticId, pick: fc.nat() });
    const batches = fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 12 });
    fc.assert(
      fc.property(model, batches, (start, script) => {
        let truth: Model = new Map(start);
        let trie = build(truth);
        const versions = [{ trie, entries: sortedEntries(truth) }];
        let nextItem = truth.size;
        for (const batch of script) {
          const after: Model = new Map(truth);
          const changes: CodeChange[] = [];
          const moved = new Set<number>();
          for (const { kind, key, pick } of batch) {
            const [from, itemId] = [...after][pick % after.size] ?? ['', -1];
            if (kind === 'add' && !after.has(key)) {
              changes.push({ itemId: nextItem, before: null, after: parse(key) });
              moved.add(nextItem);
              after.set(key, nextItem++);
            } else if (kind !== 'add' && itemId >= 0 && !moved.has(itemId)) {
              if (kind === 'move' && after.has(key)) continue;
              changes.push({ itemId, before: parse(from), after: kind === 'move' ? parse(key) : null });
              moved.add(itemId);
              after.delete(from);
              if (kind === 'move') after.set(key, itemId);
            }
          }
          trie = trie.with(changes);
          truth = after;
          versions.push({ trie, entries: sortedEntries(truth) });
        }
        for (const version of versions) {
          expect(contents(version.trie)).toEqual(version.entries);
          expect(version.trie.size).toBe(version.entries.length);
          expect(contents(build(new Map(version.entries)))).toEqual(version.entries);
        }
        expect(countsOf(trie)).toEqual(prefixCounts(truth, () => true));
      }),
    );
  });
});

describe('Trie.restrict', () => {
  it('offers exactly the prefixes with a qualifying item, with their counts', () => {
    const ids = fc.uniqueArray(fc.nat({ max: 45 }));
    fc.assert(
      fc.property(model, fc.option(ids), ids, (rows, allowed, denied) => {
        const trie = build(rows);
        const idOf = new Map(Array.from(rows, ([key, itemId]) => [itemId, key]));
        const deny = {
          itemIds: Int32Array.from(denied),
          codes: Int32Array.from(denied.flatMap((id) => parse(idOf.get(id) ?? '0.0.0'))),
        };
        const allow = allowed === null ? undefined : new AllowMask(Int32Array.from(allowed));
        const view = trie.restrict({ allow, deny });
        const qualifies = (id: number) => (allowed === null || allowed.includes(id)) && !denied.includes(id);
        const expected = prefixCounts(rows, qualifies);
        expect(countsOf(view)).toEqual(expected);
        expect(view.count(view.root())).toBe([...rows.values()].filter(qualifies).length);
        for (const { codes, node } of nodesOf(trie)) {
          if (codes.length === ID_LENGTH) continue;
          const offered = childrenOf(view, node).map((child) => [...codes, child.code].join('.'));
          expect(offered.every((prefix) => expected.has(prefix))).toBe(true);
        }
      }),
    );
  });
});
