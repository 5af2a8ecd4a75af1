import { ValidateNested } from 'class-validator';
import type { GraphQLError } from 'graphql';
import { Int } from 'type-graphql';
import 'reflect-metadata';

import { InRange, ListLength, TextLength } from '../../../graphql/common/bounds';
import { Default } from '../../../graphql/common/field';
import { entryErrors, validateArguments } from '../../../graphql/common/validate-arguments';
import { UserRef } from '../../../graphql/user/inputs';

class Row {
  @TextLength(1, 5)
  name?: string | null;

  @InRange(0, 1)
  share?: number | null;
}

class Input {
  @ValidateNested()
  one?: Row | null;

  @InRange(1, 3)
  count?: number | null;

  @ListLength(1, 20)
  @ValidateNested({ each: true })
  rows?: Row[];
}

const row = (name: string) => Object.assign(new Row(), { name });
const input = (fields: Partial<Input>) => Object.assign(new Input(), fields);

describe('validateArguments', () => {
  it.each([[input({})], [input({ count: null })], ['text'], [null], [undefined], [[1]]])('accepts %j', (value) => {
    expect(() => validateArguments(value)).not.toThrow();
  });

  it('names the path of each complaint, what is expected and what came', () => {
    expect(() => validateArguments(input({ count: 4, one: row('') }))).toThrow(
      expect.objectContaining({
        message: 'one.name: expected a text of 1 to 5 characters, got ""; count: expected a number from 1 to 3, got 4',
        extensions: { code: 'BAD_USER_INPUT', fields: [['one', 'name'], ['count']] },
      }),
    );
  });

  it('refuses such texts in a list of references, whose resolvers say only which name nothing', () => {
    const users = [new UserRef(), Object.assign(new UserRef(), { id: 'a\0' })];
    expect(() => validateArguments({ users })).toThrow(/^users\.1\.id: expected text without NUL/);
  });

  it('refuses texts that no database keeps, however deep, but in the entries of a list of its own', () => {
    const unstorable = { rules: [{ brands: ['a', 'b\0'] }] } as Partial<Input>;
    expect(() => validateArguments({ definition: unstorable })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^definition\.rules\.0\.brands\.1: expected text without NUL/),
        extensions: { code: 'BAD_USER_INPUT', fields: [['definition', 'rules', '0', 'brands', '1']] },
      }),
    );
    expect(() => validateArguments(unstorable)).not.toThrow();
  });

  it.each<[string, string]>([
    ['a NUL character', 'a\0b'],
    ['the first half of a pair alone', 'a\ud83d'],
    ['the second half of a pair alone', '\ude00b'],
    ['halves in the wrong order', '\ude00\ud83d'],
  ])('refuses %s in a text and in a list of texts, and lets whole pairs pass', (_what, text) => {
    for (const [value, path] of [
      [{ name: text }, 'name'],
      [{ names: ['fine', text] }, 'names.1'],
    ] as const)
      // prettier-ignore
      expect(() => validateArguments(value)).toThrow(`${path}: expected text without NUL`);
    expect(() => validateArguments({ name: 'whole 😀 and \u0001\uffff\u202e' })).not.toThrow();
  });

  it('puts the default of a field in place of null, and leaves what is given', () => {
    class Page {
      @Default(() => Int, 20, 'How many.')
      first!: number | null;
    }
    const filled = [null, undefined, 0, 5].map((first) => Object.assign(new Page(), { first }));
    filled.forEach(validateArguments);
    expect(filled.map(({ first }) => first)).toEqual([20, 20, 0, 5]);
  });

  it('gives the length of a long value instead of the value', () => {
    expect(errorOf(input({ one: row('x'.repeat(100)) })).message).toContain('got 100 characters');
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
  const rows = [row('ok'), row(''), row('longer than five'), row('a\0'), Object.assign(row('ok'), { share: 2 })];

  it('has the mistakes in the entries of a list, each by its place, which validateArguments leaves to it', () => {
    const batch = input({ count: 4, rows });
    expect(() => validateArguments(batch)).toThrow(/^count: expected a number from 1 to 3, got 4$/);
    const places = entryErrors(batch, 'rows').map(({ code, message, field }) => [code, message, field?.join('.')]);
    expect(places).toEqual([
      ['INVALID', 'name: expected a text of 1 to 5 characters, got ""', 'rows.1.name'],
      ['INVALID', 'name: expected a text of 1 to 5 characters, got "longer than five"', 'rows.2.name'],
      ['INVALID', expect.stringMatching(/^name: expected text without NUL/), 'rows.3.name'],
      ['OUT_OF_RANGE', 'share: expected a number from 0 to 1, got 2', 'rows.4.share'],
    ]);
  });

  it('checks no entry a second time', () => {
    let reads = 0;
    const read = () => {
      reads++;
      return 'longer than five';
    };
    const watched = Object.defineProperty(new Row(), 'name', { get: read });
    const batch = input({ rows: [watched] });
    validateArguments(batch);
    const readsBefore = reads;
    expect(readsBefore).toBeGreaterThan(0);
    expect(entryErrors(batch, 'rows')).toHaveLength(1);
    expect(reads).toBe(readsBefore);
  });
});
