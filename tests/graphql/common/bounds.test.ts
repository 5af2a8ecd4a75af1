import { validateSync } from 'class-validator';

import { InRange, InTime, ListLength, TextLength } from '../../../graphql/common/bounds';

class Input {
  @InRange(1, 3) count?: unknown = 2;
  @InRange(0, 9, { each: true }) codes?: unknown = [0, 9];
  @TextLength(2, 3) name?: unknown = 'ab';
  @TextLength(1, 2, { each: true }) tags?: unknown = ['a', 'bc'];
  @InTime() at?: unknown = new Date('2024-01-01');
  @ListLength(1, 2) rows?: unknown = [1];
}

/** @returns The mistakes in an input that has these values in place of good ones. */
function faultsOf(changes: Partial<Input>): string[] {
  const errors = validateSync(Object.assign(new Input(), changes));
  return errors.flatMap(({ property, constraints }) =>
    Object.values(constraints ?? {}).map((message) => `${property}: ${message}`),
  );
}

describe('the bounds of arguments', () => {
  it.each<[keyof Input, unknown[], unknown[], string]>([
    ['count', [1, 3], [0, 4, NaN], 'count: expected a number from 1 to 3'],
    ['codes', [[], [5]], [[5, 10], [-1]], 'codes: expected numbers from 0 to 9'],
    ['name', ['ab', 'abc'], ['a', 'abcd', ''], 'name: expected a text of 2 to 3 characters'],
    ['tags', [[], ['ab']], [['abc'], ['a', '']], 'tags: expected texts of 1 to 2 characters'],
    ['at', [new Date('1000-01-01'), new Date('9999-12-31T23:59:59.999Z')], [new Date('0999-12-31'), new Date('+010000-01-01')], 'at: expected a time of the years 1000 to 9999'],
    ['rows', [[1], [1, 2]], [[], [1, 2, 3]], 'rows: expected 1 to 2 entries'],
  ])('of %s include both ends', (name, good, bad, message) => {
    for (const value of good) expect(faultsOf({ [name]: value })).toEqual([]);
    for (const value of bad) expect(faultsOf({ [name]: value })).toContain(message);
  }); // prettier-ignore
});
