import fc from 'fast-check';

import { parseGlobalId, toGlobalId } from '../../../graphql/common/global-id';

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
