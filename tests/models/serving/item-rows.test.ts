import { Trie } from '../../../models/decoding/trie';
import { ItemRows, LiveRows } from '../../../models/serving/item-rows';

describe('ItemRows', () => {
  it('finds the row of an item, the first of which is 1', () => {
    const rows = new ItemRows(Int32Array.of(7, -2, 3, 0, -5, 9));
    expect([7, 3, 0, 9].map((itemId) => rows.get(itemId))).toEqual([1, 3, 4, 6]);
  });
});

/** Items 5, 6 and 7 are known in training, by rows 1, 2 and 3 of the item vectors; item 9 is not. */
const ROWS = new Map([
  [5, 1],
  [6, 2],
  [7, 3],
]);

/** Item 9 and item 7 share a first code. */
const trie = Trie.build({
  idLength: 2,
  codebookSize: 3,
  itemIds: Int32Array.of(5, 7, 9),
  codes: Int32Array.of(0, 0, 1, 0, 1, 1),
});

describe('LiveRows', () => {
  it('marks the known items of the trie, and no item that training did not know', () => {
    expect([...new LiveRows(ROWS, 3).of(trie)]).toEqual([1, 0, 1]);
  });

  it('follows a change of the trie, and makes the mask of each trie once', () => {
    const live = new LiveRows(ROWS, 3);
    const before = live.of(trie);
    const changed = trie.with([
      { itemId: 5, before: [0, 0], after: null },
      { itemId: 6, before: null, after: [2, 2] },
    ]);
    expect([...live.of(changed)]).toEqual([0, 1, 1]);
    expect(live.of(trie)).toBe(before);
    expect([...before]).toEqual([1, 0, 1]);
  });
});
