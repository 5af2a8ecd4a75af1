import { Trie } from '../../../models/decoding/trie';
import { Rows } from '../../../models/math/rows';
import { FirstCodeTexts } from '../../../models/serving/history-evidence';
import { LiveRows } from '../../../models/serving/item-rows';

/** Items 5, 6 and 7 have the rows 1, 2 and 3; item 9 is not known in training. */
const liveRows = new LiveRows(new Map([[5, 1], [6, 2], [7, 3]]), 3); // prettier-ignore
const directions = new Rows(Float32Array.of(0, 0, 1, 0, 0, 1, -1, 0), 2);

const trie = Trie.build({
  idLength: 2,
  codebookSize: 4,
  itemIds: Int32Array.of(5, 6, 7, 9),
  codes: Int32Array.of(0, 0, 0, 1, 2, 0, 2, 1),
});

describe('FirstCodeTexts', () => {
  it("says how near the texts of each first code's known items lie to those of a history, on the mean", () => {
    const texts = new FirstCodeTexts(directions, liveRows);
    // Code 0 has the items 5 and 6, code 2 has item 7 and one that is not known.
    expect([...texts.nearness([1], trie)]).toEqual([0.5, 0, -1, 0]);
    expect([...texts.nearness([2], trie)]).toEqual([0.5, 0, 0, 0]);
  });

  it('follows a change of the trie', () => {
    const texts = new FirstCodeTexts(directions, liveRows);
    texts.nearness([1], trie);
    const changed = trie.with([
      { itemId: 6, before: [0, 1], after: [3, 0] },
      { itemId: 7, before: [2, 0], after: null },
    ]);
    expect([...texts.nearness([1], changed)]).toEqual([1, 0, 0, 0]);
    expect([...texts.nearness([2], changed)]).toEqual([0, 0, 0, 1]);
  });
});
