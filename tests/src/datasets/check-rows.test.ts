import { join } from 'node:path';

import { z } from 'zod';

import { checkId, readRows } from '../../../src/datasets/check-rows';
import { DatasetError } from '../../../src/datasets/dataset';
import { collect } from '../../support/collect';
import { itRefuses, RESEARCH, useFolder } from '../../support/dataset-files';

describe('readRows', () => {
  const write = useFolder();
  const schema = z.object({ id: z.string(), price: z.number().default(0) });
  const fileOf = (text: string) => join(write({ 'rows.jsonl': `\n${text}` }), 'rows.jsonl');
  const parse = async (file: string) => (await collect(readRows(file, schema, 'item'))).map(({ value }) => value);

  it('gives the object as the schema makes it', async () => {
    expect(await parse(fileOf('{"id": "a", "more": 1}'))).toEqual([{ id: 'a', price: 0 }]);
  });

  it.each([
    ['{"id": 5}', /id: /],
    ['[]', /item: /],
    ['null', /item: /],
    ['{"id"', /expected one JSON object on each line, got text that is not JSON/],
  ])('names file and line of %s', async (text, reason) => {
    const file = fileOf(text);
    await expect(parse(file)).rejects.toMatchObject({
      name: 'DatasetError',
      file,
      line: 2,
      reason: expect.stringMatching(reason),
    });
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
