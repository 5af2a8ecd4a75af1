import { leftOut } from '../../../src/commands/left-out';

const NOTHING = { merged: 0, skipped: 0, embeddings: 0, cut: 0 };

describe('leftOut', () => {
  it('says nothing when nothing is left out', () => {
    expect(leftOut(NOTHING)).toEqual([]);
  });

  it('has a line for each reason, with its count', () => {
    expect(leftOut({ ...NOTHING, skipped: 3 })).toEqual(['Left out 3 events of unknown items']);
    const lines = leftOut({ merged: 2, skipped: 3, embeddings: 4, cut: 5 });
    expect(lines.map((line) => Number(/\d+/.exec(line)))).toEqual([3, 2, 4, 5]);
    expect(lines[3]).toBe(
      'Cut the texts of 5 items to the lengths that the API takes: title 500 characters, description 10000, brand 200, 50 categories of 200',
    );
  });
});
