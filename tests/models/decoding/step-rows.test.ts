import { firstRows, isCertain, nextRows } from '../../../models/decoding/step-rows';
import { Trie } from '../../../models/decoding/trie';
import { findPrefix } from '../../../models/decoding/trie-view';

const smallTrie = () =>
  Trie.build({
    idLength: 3,
    codebookSize: 4,
    itemIds: Int32Array.of(1, 2, 3, 4),
    codes: Int32Array.of(0, 0, 0, 0, 0, 1, 0, 1, 3, 2, 2, 2),
  });
const prefix = (codes: number[], row: number) => ({ node: findPrefix(smallTrie(), codes)!, codes, row });

describe('firstRows', () => {
  it('has a row a user and no codes', () => {
    expect(firstRows(3)).toEqual({ codes: new Int32Array(0), parents: Int32Array.of(0, 1, 2) });
  });
});

describe('nextRows', () => {
  it('gives the last code of each prefix and its row, and repeats the first prefix where a beam is shorter', () => {
    const beams = [[prefix([0, 1], 5), prefix([2, 2], 6)], [prefix([0], 9)], []];
    expect(nextRows(beams, 2)).toEqual({
      codes: Int32Array.of(1, 2, 0, 0, 0, 0),
      parents: Int32Array.of(5, 6, 9, 9, 0, 0),
    });
    expect(nextRows([[prefix([2], 1)]], 2)).toEqual({ codes: Int32Array.of(2, 2), parents: Int32Array.of(1, 1) });
  });

  it('has no rows where no beam has a prefix', () => {
    expect(nextRows([[], []], 0)).toEqual({ codes: new Int32Array(0), parents: new Int32Array(0) });
  });
});

describe('isCertain', () => {
  it('holds where a prefix belongs to one item alone', () => {
    expect(isCertain(smallTrie(), prefix([0, 1], 0))).toBe(true);
    expect(isCertain(smallTrie(), prefix([2], 0))).toBe(true); // two codes to go
    expect(isCertain(smallTrie(), prefix([0, 0], 0))).toBe(false); // two items
  });
});
