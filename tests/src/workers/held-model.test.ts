import { findPrefix } from '../../../models/decoding/trie-view';
import { type HeldModel, LiveCodes, LiveModel } from '../../../src/workers/held-model';
import { idsOf } from '../../support/trie-nodes';

const CODEBOOK_SIZE = 4;

class FakeModel {
  isDisposed = false;

  disposeWhenIdle(): void {
    this.isDisposed = true;
  }
}

/** Items 1 and 2 have the codes [0, 0] and [0, 1]. */
function held(changes: Partial<HeldModel<FakeModel>> = {}): HeldModel<FakeModel> {
  const table = { idLength: 2, itemIds: Int32Array.of(1, 2), codes: Int32Array.of(0, 0, 0, 1) };
  return {
    modelVersionId: 1,
    tokenizerId: 1,
    catalogueVersion: 10,
    model: new FakeModel(),
    codes: LiveCodes.build(table, Uint8Array.of(1, 1), CODEBOOK_SIZE),
    ...changes,
  };
}

const codesIn = ({ codes }: HeldModel<FakeModel>, itemId: number) => {
  const semanticId = codes.get(itemId);
  const leaf = semanticId && findPrefix(codes.trie, semanticId);
  return leaf && codes.trie.item(leaf) === itemId ? semanticId : null;
};

describe('LiveModel', () => {
  let live: LiveModel<FakeModel>;

  beforeEach(() => {
    live = new LiveModel();
  });

  it('disposes a model when another one is live, also when that is the same version loaded again', () => {
    const [first, second, again] = [1, 2, 2].map((modelVersionId) => held({ modelVersionId }));
    for (const each of [first, second, again]) live.replace(each);
    expect(live.held).toBe(again);
    expect([first, second, again].map(({ model }) => model.isDisposed)).toEqual([true, true, false]);
  });

  it('makes the changes that are newer than the model', () => {
    const change = (catalogueVersion: number, itemId: number) => ({
      catalogueVersion,
      changes: [{ itemId, before: null, after: [2, itemId % CODEBOOK_SIZE] }],
    });
    live.replace(held());
    live.apply(change(10, 4)); // it was loaded with this one
    live.apply(change(11, 5));
    expect(live.held!.catalogueVersion).toBe(11);
    expect([4, 5].map((itemId) => codesIn(live.held!, itemId))).toEqual([null, [2, 1]]);
  });

  it('has no model after a change that does not fit the trie', () => {
    const only = held();
    live.replace(only);
    const taken = { catalogueVersion: 11, changes: [{ itemId: 3, before: null, after: [0, 1] }] };
    expect(() => live.apply(taken)).toThrow();
    expect(live.held).toBeNull();
    expect(only.model.isDisposed).toBe(true);
  });
});

const TABLE = { idLength: 2, itemIds: Int32Array.of(5, 6, 7), codes: Int32Array.of(0, 0, 1, 1, 2, 2) };
const LIVE = Uint8Array.of(1, 1, 0);

describe('LiveCodes', () => {
  const idsIn = ({ trie }: LiveCodes) => Array.from(idsOf(trie), ({ itemId, codes }) => `${itemId}: ${codes}`);

  it('has live items in the trie, and removed ones in the table alone', () => {
    const codes = LiveCodes.build(TABLE, LIVE, 4);
    expect(idsIn(codes)).toEqual(['5: 0,0', '6: 1,1']);
    expect([codes.get(5), codes.get(7), codes.get(8)]).toEqual([[0, 0], [2, 2], null]);
  });

  it('adds, moves and removes as a change says, all at once, and leaves the former trie as it was', () => {
    const before = LiveCodes.build(TABLE, LIVE, 4);
    const after = before.with([
      { itemId: 5, before: [0, 0], after: [1, 1] },
      { itemId: 6, before: [1, 1], after: null },
      { itemId: 8, before: null, after: [0, 0] },
    ]);
    expect(idsIn(after)).toEqual(['8: 0,0', '5: 1,1']);
    expect(idsIn(before)).toEqual(['5: 0,0', '6: 1,1']);
    // A removed item keeps its latest codes for the histories.
    expect([after.get(5), after.get(6), after.get(8)]).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  });
});
