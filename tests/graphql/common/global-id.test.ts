import fc from 'fast-check';

import { parseGlobalId, readRow, readRows, rowOf, toGlobalId } from '../../../graphql/common/global-id';

const names = fc.constantFrom('Item' as const, 'User' as const, 'ModelVersion' as const, 'TrainingJob' as const);
const rows = fc.integer({ min: 1, max: 2 ** 31 - 1 });

describe('toGlobalId', () => {
  it('is base64url of the type and the row', () => {
    expect(toGlobalId('Item', 12)).toBe('SXRlbToxMg');
  });
});

describe('parseGlobalId', () => {
  it('reads back what toGlobalId wrote', () => {
    fc.assert(
      fc.property(names, rows, (type, row) => {
        expect(parseGlobalId(toGlobalId(type, row))).toEqual({ type, row });
      }),
    );
  });

  it('takes no text that toGlobalId does not write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        const parsed = parseGlobalId(text);
        if (parsed) expect(toGlobalId(parsed.type, parsed.row)).toBe(text);
      }),
    );
  });

  it.each(['Item:0', 'Item:-1', 'Item:01', 'Item:1.5', 'Item:2147483648', 'Item:', 'Shop:1', 'Item:1 '])(
    'takes %j for no ID',
    (text) => {
      expect(parseGlobalId(Buffer.from(text).toString('base64url'))).toBeNull();
    },
  );
});

describe('rowOf', () => {
  it('answers null for the ID of another type', () => {
    expect(rowOf('User', toGlobalId('Item', 1))).toBeNull();
    expect(rowOf('Item', toGlobalId('Item', 1))).toBe(1);
  });
});

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
