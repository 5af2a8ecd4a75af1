import fc from 'fast-check';

import { assignCollisionTokens, FreeTokens } from '../../../models/semantic-id/collision-token';

const code = fc.nat({ max: 2 });
const codes = fc.tuple(code, code).map((pair): number[] => [...pair]);

describe('assignCollisionTokens', () => {
  it('keeps the IDs that there are, and fills their gaps', () => {
    const present = [null, [1, 2, 1], null, [1, 2, 0]];
    const rows = [[1, 2], [0, 0], [1, 2], [0, 0]]; // prettier-ignore
    expect(assignCollisionTokens(rows, present, 4)).toEqual([[1, 2, 2], [1, 2, 1], [1, 2, 3], [1, 2, 0]]); // prettier-ignore
  });

  it('moves an item to the next nearest code when its group is full', () => {
    const asked: number[] = [];
    const nextNearest = (row: number) => {
      asked.push(row);
      return [2, 0, 1].map((last) => [1, last]);
    };
    const rows = [[1, 2], [1, 2], [1, 2], [1, 2]]; // prettier-ignore
    expect(assignCollisionTokens(rows, null, 2, nextNearest)).toEqual([[1, 2, 0], [1, 2, 1], [1, 0, 0], [1, 0, 1]]); // prettier-ignore
    expect(asked).toEqual([2, 3]);
  });

  it('moves an item to another code of the level before when all groups beside its own are full', () => {
    const paths = [[1, 1], [1, 0], [0, 1], [0, 0]]; // prettier-ignore
    const rows = [[1, 1], [1, 1], [1, 1], [1, 1]]; // prettier-ignore
    expect(assignCollisionTokens(rows, null, 1, () => paths)).toEqual([[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0]]); // prettier-ignore
  });

  it('says which item finds no place', () => {
    const rows = [[1, 2], [1, 2], [1, 2]]; // prettier-ignore
    expect(() => assignCollisionTokens(rows, null, 2)).toThrow(
      'row 2: expected a free collision token under [1, 2] or beside it, got none; there are more items than IDs',
    );
    expect(() => assignCollisionTokens(rows, null, 1, () => [[1, 2], [1, 1]])).toThrow('row 2: expected'); // prettier-ignore
  });

  it('never gives two items one ID, nor moves one that needs not move', () => {
    fc.assert(
      fc.property(fc.array(codes, { maxLength: 27 }), fc.integer({ min: 9, max: 30 }), (rows, collisionSize) => {
        const beside = (row: number) => [0, 1, 2].map((last) => [rows[row][0], last]);
        const ids = assignCollisionTokens(rows, null, collisionSize, beside);
        expect(new Set(ids.map(String)).size).toBe(rows.length);
        const groups = new Map<string, number>();
        ids.forEach((id, row) => {
          const key = String(rows[row]);
          const before = groups.get(key) ?? 0;
          groups.set(key, before + 1);
          expect(id[0]).toBe(rows[row][0]);
          expect(id[2]).toBeLessThan(collisionSize);
          if (rows.length <= collisionSize) expect(id).toEqual([...rows[row], before]);
        });
      }),
    );
  });
});

describe('FreeTokens', () => {
  const keyOf = (codes: readonly number[]) => codes.join('.');

  it('gives out the gaps among the tokens in use, lowest first, then none', () => {
    const taken = new Set(['1.2.0', '1.2.2', '1.3.0']);
    const tokens = new FreeTokens(4, taken, keyOf);
    expect([tokens.take([1, 2]), tokens.take([1, 2]), tokens.take([1, 2])]).toEqual([[1, 2, 1], [1, 2, 3], null]);
    expect(taken).toEqual(new Set(['1.2.0', '1.2.1', '1.2.2', '1.2.3', '1.3.0']));
  });

  it('takes the first codes with a free token', () => {
    const tokens = new FreeTokens(1, new Set(['7.1.3.0', '7.1.5.0']), keyOf);
    expect([1, 2].map(() => tokens.takeFirst([[7, 1, 3], [7, 1, 4], [7, 1, 5]]))).toEqual([[7, 1, 4, 0], null]); // prettier-ignore
  });
});
