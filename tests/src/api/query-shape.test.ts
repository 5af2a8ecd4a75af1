import { getOperationAST, parse } from 'graphql';

import { measureQuery } from '../../../src/api/query-shape';

function measure(text: string) {
  const document = parse(text);
  return measureQuery(document, getOperationAST(document)!);
}

describe('measureQuery', () => {
  it('counts depth, fields and aliases', () => {
    expect(measure('{ a { b c: d { e } } f }')).toEqual({ depth: 3, fields: 6 - 1, aliases: 1 });
  });

  it('writes fragments out', () => {
    expect(measure('{ a { ...F } b: a { ...F } } fragment F on T { c { d } }')).toEqual({
      depth: 3,
      fields: 6,
      aliases: 1,
    });
  });

  it('looks into inline fragments', () => {
    expect(measure('{ a { ... on T { b { c } } } }')).toEqual({ depth: 3, fields: 3, aliases: 0 });
  });

  it('measures 2^40 fields without visiting them', () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`);
    expect(measure(`{ ...F0 } ${fragments.join(' ')} fragment F40 on T { x }`).fields).toBe(2 ** 40);
  });

  it('adds no depth for introspection', () => {
    expect(measure('{ __schema { types { fields { type { ofType { name } } } } } }').depth).toBe(1);
  });
});
