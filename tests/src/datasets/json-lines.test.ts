import { z } from 'zod';

import { parseLine } from '../../../src/datasets/check-rows';

describe('parseLine', () => {
  const schema = z.object({ id: z.string(), price: z.number().default(0) });
  const parse = (text: string) => parseLine('items.jsonl', { number: 7, text }, schema, 'item');

  it('gives the object as the schema makes it', () => {
    expect(parse('{"id": "a", "more": 1}')).toEqual({ id: 'a', price: 0 });
  });

  it('takes what an item in variables may be, and refuses what is nested deeper, however deep', () => {
    const nested = (levels: number) => `{"id": "a", "more": ${'['.repeat(levels)}${']'.repeat(levels)}}`;
    expect(parse(nested(61))).toEqual({ id: 'a', price: 0 });
    for (const levels of [62, 100_000])
      expect(() => parse(nested(levels))).toThrow(/items\.jsonl.*7.*at most 61 levels of lists and objects/s);
  });

  it.each([
    ['{"id": 5}', /id: /],
    ['[]', /item: /],
    ['null', /item: /],
    ['{"id"', /expected one JSON object on each line, got text that is not JSON/],
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
