import { leftOut } from '../../../src/commands/import-export';

const NOTHING = { merged: 0, skipped: 0, embeddings: 0, cut: 0 };

describe('leftOut', () => {
  it('says nothing when nothing is left out', () => {
    expect(leftOut(NOTHING)).toEqual([]);
  });

  it.each([
    ['skipped', 'Left out 7 events of unknown items'],
    ['merged', 'Left out 7 events that repeat another: the same user, item and time, or the same event id'],
    [
      'embeddings',
      'Left out the "embedding" of 7 items: vectors are read from vectors.json and the file that it describes',
    ],
    [
      'cut',
      'Cut the texts of 7 items to the lengths that the API takes: title 500 characters, description 10000, brand 200, 50 categories of 200',
    ],
  ])('says what is %s', (reason, line) => {
    expect(leftOut({ ...NOTHING, [reason]: 7 })).toEqual([line]);
  });

  it('has a line for each reason', () => {
    expect(leftOut({ merged: 2, skipped: 3, embeddings: 4, cut: 5 })).toHaveLength(4);
  });
});
