import { idsByItem } from '../../../models/semantic-id/code-table';

describe('idsByItem', () => {
  it('reads row by row, with the collision token', () => {
    const table = { idLength: 3, itemIds: Int32Array.of(70, 5), codes: Int32Array.of(1, 2, 0, 3, 4, 1) };
    expect(idsByItem(table)).toEqual(new Map([[70, [1, 2, 0]], [5, [3, 4, 1]]])); // prettier-ignore
  });

  it('is empty for a tokenizer that no item has an ID of', () => {
    expect(idsByItem({ idLength: 0, itemIds: new Int32Array(0), codes: new Int32Array(0) }).size).toBe(0);
  });
});
