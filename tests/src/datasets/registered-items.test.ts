import { itRefuses, RESEARCH, type Files } from '../../support/dataset-files';

describe('RegisteredItems', () => {
  const items = (text: string): Files => ({ ...RESEARCH, 'items.jsonl': text });
  const vectors = (rows: number): Files => ({
    ...RESEARCH,
    'vectors.json': JSON.stringify({ rows, dims: 4, dtype: 'int8' }),
    'vectors.int8.bin': new Uint8Array(rows * 4).fill(1),
  });

  itRefuses([
    ['a file without items', items('\n'), 'items.jsonl', null, /at least one item, got none/],
    ['an id twice', items('{"id":1}\n\n{"id":"1"}'), 'items.jsonl', 3, /id 1: expected one item with this id/],
    [
      'attributes that are too long',
      items(`{"id":1}\n{"id":2,"attributes":{"filler":"${'x'.repeat(16_384)}"}}`),
      'items.jsonl',
      2,
      /attributes: expected at most 16384 bytes of JSON, got 16397/,
    ],
    [
      'an item that is not known',
      { ...RESEARCH, 'sequences.txt': 'ann 1\nbob 9' },
      'sequences.txt',
      2,
      /item 9: expected an item of .*items\.jsonl, got an unknown id/,
    ],
    ['fewer vectors than items', vectors(2), 'items.jsonl', 3, /expected 2 items, as many as vectors, got more/],
    ['more vectors than items', vectors(4), 'items.jsonl', null, /expected 4 items, as many as vectors, got 3/],
  ]);
});
