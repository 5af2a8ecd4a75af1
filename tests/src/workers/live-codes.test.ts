import { TrieError } from '../../../models/decoding/branch';
import { LiveCodes } from '../../../src/workers/live-codes';
import { idsOf } from '../../support/trie-nodes';

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

  it('refuses a change of an item that is not where the change says', () => {
    const codes = LiveCodes.build(TABLE, LIVE, 4);
    expect(() => codes.with([{ itemId: 5, before: [3, 3], after: [2, 2] }])).toThrow(TrieError);
    expect(() => codes.with([{ itemId: 7, before: [2, 2], after: null }])).toThrow(TrieError);
    expect(() => codes.with([{ itemId: 8, before: null, after: [1, 1] }])).toThrow(TrieError);
  });
});
