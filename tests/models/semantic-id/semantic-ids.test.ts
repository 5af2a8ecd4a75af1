import fc from 'fast-check';

import { printSemanticId, idsByItem, SemanticIdTable } from '../../../models/semantic-id/semantic-ids';

describe('printSemanticId', () => {
  it('writes a letter a level', () => {
    expect(printSemanticId([12, 24, 52, 0])).toBe('<a_12><b_24><c_52><d_0>');
  });
});

describe('idsByItem', () => {
  it('reads row by row, with the collision token', () => {
    const table = { idLength: 3, itemIds: Int32Array.of(70, 5), codes: Int32Array.of(1, 2, 0, 3, 4, 1) };
    expect(idsByItem(table)).toEqual(new Map([[70, [1, 2, 0]], [5, [3, 4, 1]]])); // prettier-ignore
  });

  it('is empty for a tokenizer that no item has an ID of', () => {
    expect(idsByItem({ idLength: 0, itemIds: new Int32Array(0), codes: new Int32Array(0) }).size).toBe(0);
  });
});

describe('SemanticIdTable', () => {
  it('equals a map, however far apart the ids are', () => {
    const code = fc.nat({ max: 65_534 });
    const entry = fc.tuple(fc.nat({ max: 300 }), fc.tuple(code, code, code));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (entries, capacity) => {
        const table = new SemanticIdTable(3, capacity);
        for (const [itemId, codes] of entries) table.set(itemId, codes);
        const expected = new Map<number, readonly number[]>(entries);
        for (let itemId = -1; itemId < 310; itemId++) expect(table.get(itemId)).toEqual(expected.get(itemId) ?? null);
      }),
      { numRuns: 30 },
    );
  });

  it('takes rows as they travel, in any order', () => {
    const table = SemanticIdTable.fromRows({
      idLength: 2,
      itemIds: Int32Array.of(5, 2),
      codes: Int32Array.of(1, 0, 3, 4),
    });
    expect([0, 1, 2, 3, 4, 5, 6].map((itemId) => table.get(itemId))).toEqual([null, null, [3, 4], null, null, [1, 0], null]); // prettier-ignore
    const none = { idLength: 2, itemIds: new Int32Array(0), codes: new Int32Array(0) };
    expect(SemanticIdTable.fromRows(none).get(0)).toBeNull();
  });

  it('keeps what it has as it grows, and knows nothing of what is no id', () => {
    const table = SemanticIdTable.fromRows({ idLength: 2, itemIds: Int32Array.of(0), codes: Int32Array.of(7, 7) });
    table.set(9, [1, 2]);
    table.set(9, [1, 3]);
    expect([table.get(0), table.get(8), table.get(9), table.get(10)]).toEqual([[7, 7], null, [1, 3], null]);
    expect([table.get(-1), table.get(NaN), table.get(1e9)]).toEqual([null, null, null]);
  });
});
