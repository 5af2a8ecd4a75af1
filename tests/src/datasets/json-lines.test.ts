import { z } from 'zod';

import { parseLine } from '../../../src/datasets/json-lines';

describe('parseLine', () => {
  const schema = z.object({ id: z.string(), price: z.number().default(0) });
  const parse = (text: string) => parseLine('items.jsonl', { number: 7, text }, schema, 'item');

  it('gives the object as the schema makes it', () => {
    expect(parse('{"id": "a", "more": 1}')).toEqual({ id: 'a', price: 0 });
  });

  it.each([
    ['{"id": 5}', /id: /],
    ['[]', /item: /],
    ['null', /item: /],
    ['{"id"', /expected one JSON object, got text that is not JSON/],
  ])('names file and line of %s', (text, reason) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        name: 'DatasetError',
        file: 'items.jsonl',
        line: 7,
        reason: expect.stringMatching(reason),
      }),
    );
  });
});
