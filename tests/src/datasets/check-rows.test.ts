import { z } from 'zod';

import { checkId, parseLine } from '../../../src/datasets/check-rows';
import { DatasetError } from '../../../src/datasets/dataset';
import { itRefuses, RESEARCH } from '../../support/dataset-files';

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

const LONG = 'x'.repeat(201);

describe('checkId', () => {
  it.each(['a', 'x'.repeat(200), '🐯'.repeat(200), ' a '])('takes %s', (id) => {
    expect(() => checkId('f', 1, 'id', id)).not.toThrow();
  });

  it.each(['', ' ', '\t\n', LONG, '🐯'.repeat(201)])('refuses %j', (id) => {
    expect(() => checkId('f', 7, 'id', id)).toThrow(DatasetError);
    expect(() => checkId('f', 7, 'id', id)).toThrow(/^f:7: id: expected an id/);
  });

  const tooLong = /expected an id of at most 200 characters, got 201, which begin "x{40}"/;
  itRefuses([
    [
      'a long item in JSON lines',
      { ...RESEARCH, 'items.jsonl': `{"id":1}\n{"id":"${LONG}"}` },
      'items.jsonl',
      2,
      tooLong,
    ],
    ['a long user', { ...RESEARCH, 'sequences.txt': `ann 1\n${LONG} 1` }, 'sequences.txt', 2, tooLong],
  ]);
});
