import { parse } from 'graphql';

import { inputErrors, literalErrors } from '../../../src/api/input-texts';

const COMPLAINT = 'expected text without NUL characters and without halves of surrogate pairs, got one with them';
const summary = (errors: readonly { message: string; extensions: Record<string, unknown> }[]) =>
  errors.map(({ message, extensions: { code, fields } }) => [code, message, fields]);

function nested(levels: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

describe('inputErrors', () => {
  it.each<[string, unknown, string[]]>([
    ['a NUL character', 'a\0b', ['input']],
    ['the first half of a pair alone', 'a\ud83d', ['input']],
    ['the second half of a pair alone', '\ude00b', ['input']],
    ['halves in the wrong order', '\ude00\ud83d', ['input']],
    ['a text within lists and objects', { filter: { brands: ['fine', '\0'] } }, ['input', 'filter', 'brands', '1']],
    ['a name of a JSON object', { attributes: { 'a\0': 1 } }, ['input', 'attributes']],
  ])('names the place of %s', (_what, input, path) => {
    expect(summary(inputErrors({ input }))).toEqual([['BAD_USER_INPUT', `${path.join('.')}: ${COMPLAINT}`, [path]]]);
  });

  it.each([['whole pairs 😀 and all other text \u0001\uffff\u202e'], [''], [null], [undefined], [7], [[1, 2]], [{}]])(
    'lets %j pass',
    (input) => {
      expect(inputErrors({ input })).toEqual([]);
    },
  );

  it('leaves the texts of entries to the mutation that has them', () => {
    expect(inputErrors({ input: { items: [{ title: '\0', attributes: { 'a\0': ['\0'] } }] } })).toEqual([]);
  });

  it('refuses what is nested deeper than 32 levels, however deep it is', () => {
    expect(inputErrors({ input: nested(31) })).toEqual([]);
    for (const levels of [33, 100_000]) {
      const [error] = inputErrors({ input: nested(levels) });
      expect(error.message).toMatch(/^input\.[a0.]{1,20}: expected at most 32 levels, got more; send flatter values$/);
    }
  });
});

describe('literalErrors', () => {
  it('names arguments and variables with defaults', () => {
    const document = parse('query ($t: String = "\\u0000") { a(x: "fine", y: { z: ["\\u0000"] }, w: $t) { b } }');
    expect(summary(literalErrors(document))).toEqual([
      ['BAD_USER_INPUT', `t: ${COMPLAINT}`, [['t']]],
      ['BAD_USER_INPUT', `y.z.0: ${COMPLAINT}`, [['y', 'z', '0']]],
    ]);
  });
});
