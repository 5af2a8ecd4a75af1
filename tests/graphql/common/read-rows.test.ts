import { toGlobalId } from '../../../graphql/common/global-id';
import { readRow, readRows } from '../../../graphql/common/read-rows';

describe('readRows', () => {
  it('gives one row for each ID, in the same order', () => {
    const ids = [7, 3, 7].map((row) => toGlobalId('Item', row));
    expect(readRows('Item', ids, () => [])).toEqual({ rows: [7, 3, 7], userErrors: [] });
  });

  it('gives no row and an error for each ID of another type or of none', () => {
    const user = toGlobalId('User', 1);
    const path = (index: number) => ['items', String(index), 'itemId'];
    const { rows, userErrors } = readRows('Item', [toGlobalId('Item', 1), user, 'x'], path);
    expect(rows).toEqual([1, 0, 0]);
    expect(userErrors).toEqual([
      {
        code: 'NOT_FOUND',
        message: `items.1.itemId: expected the id of an item, got "${user}"`,
        field: ['items', '1', 'itemId'],
      },
      {
        code: 'NOT_FOUND',
        message: 'items.2.itemId: expected the id of an item, got "x"',
        field: ['items', '2', 'itemId'],
      },
    ]);
  });
});

describe('readRow', () => {
  it('gives the row of one ID', () => {
    expect(readRow('ApiKey', toGlobalId('ApiKey', 5), 'apiKeyId')).toEqual({ row: 5, userErrors: [] });
  });

  it('gives null and the error for an ID of nothing', () => {
    const { row, userErrors } = readRow('TrainingJob', 'x', 'jobId');
    expect(row).toBeNull();
    expect(userErrors).toMatchObject([{ message: 'jobId: expected the id of a training job, got "x"' }]);
  });
});
