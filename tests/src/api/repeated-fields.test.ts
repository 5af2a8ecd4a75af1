import { parse } from 'graphql';

import { repetitionFault } from '../../../src/api/repeated-fields';

const messageOf = (text: string) => repetitionFault(parse(text))?.message ?? null;
const REFUSED = 'fields: expected at most 32 fields of one name in one place of the answer, got more named';

describe('repetitionFault', () => {
  it.each([
    ['fields', `{ ${'shop '.repeat(33)} }`, 'shop'],
    ['aliases', `{ ${'a: shop '.repeat(33)} }`, 'a'],
    ['fields in fragments without a name', `{ ${'... { shop } ... on Query { shop } '.repeat(17)} }`, 'shop'],
    ['fields below fields of one name', `{ ${'shop { name name name name } '.repeat(9)} }`, 'name'],
    ['fields of a fragment', `{ ...a } fragment a on Query { ${'shop '.repeat(33)} }`, 'shop'],
    ['fields of a second operation', `query a { shop } query b { ${'shop '.repeat(33)} }`, 'shop'],
  ])('refuses too many %s', (_, text, name) => {
    expect(messageOf(text)).toBe(`${REFUSED} ${name}; ask once`);
  });

  it.each([
    ['as many as there may be', `{ ${'shop '.repeat(32)} }`],
    ['as many of other names', `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: shop { name }`).join(' ')} }`],
    ['a fragment that spreads itself', 'fragment a on Query { shop ...a ...b }'],
    ['a schema', 'type Query { shop: String }'],
  ])('takes %s', (_, text) => {
    expect(messageOf(text)).toBeNull();
  });
});
