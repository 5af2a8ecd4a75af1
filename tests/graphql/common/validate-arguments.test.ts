import { ValidateNested } from 'class-validator';
import type { GraphQLError } from 'graphql';

import { InRange, ListLength, TextLength } from '../../../graphql/common/bounds';
import { entryErrors, validateArguments } from '../../../graphql/common/validate-arguments';

class Row {
  @TextLength(1, 5)
  name?: string | null;
}

class Input {
  atomic?: boolean | null;

  @InRange(1, 3)
  count?: number | null;

  @ListLength(1, 20)
  @ValidateNested({ each: true })
  rows?: Row[];
}

const row = (name: string) => Object.assign(new Row(), { name });
const input = (fields: Partial<Input>) => Object.assign(new Input(), fields);

describe('validateArguments', () => {
  it.each([[input({ count: 1, rows: [row('a')] })], [input({ count: 3, rows: [row('abcde')] })]])(
    'accepts the ends of a range: %j',
    (value) => {
      expect(() => validateArguments(value)).not.toThrow();
    },
  );

  it.each([[input({})], [input({ count: null })], ['text'], [null], [undefined], [[1]]])('accepts %j', (value) => {
    expect(() => validateArguments(value)).not.toThrow();
  });

  it('names the path of each complaint, what is expected and what came', () => {
    expect(() => validateArguments(input({ count: 4, rows: [row('ok'), row('')] }))).toThrow(
      expect.objectContaining({
        message:
          'count: expected a number from 1 to 3, got 4; rows.1.name: expected a text of 1 to 5 characters, got ""',
        extensions: {
          code: 'BAD_USER_INPUT',
          fields: [['count'], ['rows', '1', 'name']],
        },
      }),
    );
  });

  it('names ten complaints at most', () => {
    const error = errorOf(input({ rows: Array.from({ length: 20 }, () => row('')) }));
    expect(error.extensions.fields).toHaveLength(10);
    expect(error.message.split('; ')).toHaveLength(10);
  });

  it('gives the length of a long value instead of the value', () => {
    expect(errorOf(input({ rows: [row('x'.repeat(100))] })).message).toContain('got 100 characters');
    expect(errorOf(input({ rows: Array.from({ length: 21 }, () => row('a')) })).message).toContain('got 21 entries');
  });
});

function errorOf(value: Input): GraphQLError {
  try {
    validateArguments(value);
  } catch (error) {
    return error as GraphQLError;
  }
  throw new Error('expected an error, got none');
}

describe('entryErrors', () => {
  const rows = [row('ok'), row(''), row('longer than five')];

  it('has what is wrong with entries of a batch that takes the correct ones, each by its place', () => {
    const batch = input({ atomic: false, count: 4, rows });
    expect(() => validateArguments(batch)).toThrow(/^count: expected a number from 1 to 3, got 4$/);
    expect(entryErrors(batch, 'rows')).toEqual(
      ['""', '"longer than five"'].map((got, i) => ({
        code: 'INVALID',
        message: `name: expected a text of 1 to 5 characters, got ${got}`,
        field: ['rows', String(i + 1), 'name'],
      })),
    );
  });

  it('checks no entry a second time', () => {
    let reads = 0;
    const read = () => {
      reads++;
      return 'longer than five';
    };
    const watched = Object.defineProperty(new Row(), 'name', { get: read });
    const batch = input({ atomic: false, rows: [watched] });
    validateArguments(batch);
    const readsBefore = reads;
    expect(readsBefore).toBeGreaterThan(0);
    expect(entryErrors(batch, 'rows')).toHaveLength(1);
    expect(reads).toBe(readsBefore);
  });

  it('leaves the entries of any other batch to validateArguments', () => {
    expect(entryErrors(input({ rows }), 'rows')).toEqual([]);
    expect(() => validateArguments(input({ atomic: true, rows }))).toThrow('rows.1.name');
  });
});
