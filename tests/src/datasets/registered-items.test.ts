import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import { readDataset } from '../../../src/datasets/read-dataset';
import { fitItem } from '../../../src/datasets/registered-items';
import { collect } from '../../support/collect';
import { type Files, itRefuses, RESEARCH, useFolder } from '../../support/dataset-files';

describe('RegisteredItems', () => {
  const items = (text: string): Files => ({ ...RESEARCH, 'items.jsonl': text });
  const vectors = (rows: number): Files => ({
    ...RESEARCH,
    'vectors.json': JSON.stringify({ rows, dims: 4, dtype: 'int8' }),
    'vectors.int8.bin': new Uint8Array(rows * 4).fill(1),
  });

  const someVectors = (dims: number, encoder: string | undefined, lines: string): Files => ({
    'items.jsonl': lines,
    'sequences.txt': 'ann 1',
    'vectors.json': JSON.stringify({ rows: 1, dims, dtype: 'int8', encoder }),
    'vectors.int8.bin': new Uint8Array(dims).fill(1),
  });
  const write = useFolder();

  it('leaves the vectors that are missing to the built-in encoder where it made the others', async () => {
    const files = someVectors(SENTENCE_DIMS, SENTENCE_ENCODER, '{"id":1}\n{"id":2,"vector":false}');
    const items = await collect((await readDataset(write(files))).items());
    expect(items.map(({ vector }) => vector === null)).toEqual([false, true]);
  });

  it('leaves out events of unknown items where that is asked for, and users who have no others', async () => {
    const files = { ...RESEARCH, 'sequences.txt': 'ann 1 9 b\nbob 9', 'gaps_days.txt': 'ann 0 2 3\nbob 0' };
    const dataset = await readDataset(write(files), { skipUnknownItems: true });
    expect(dataset).toMatchObject({ skipped: 2, counts: { users: 1, interactions: 2 } });
    const [{ itemExternalIds, times }] = await collect(dataset.sequences());
    expect([itemExternalIds, (times[1] - times[0]) / 86_400_000]).toEqual([['1', 'b'], 5]);
  });

  itRefuses([
    [
      'items without a vector beside vectors of another width',
      someVectors(384, 'mine', '{"id":1}\n{"id":2,"vector":false}\n{"id":3,"vector":false}'),
      'items.jsonl',
      2,
      /got none for 2 of 3 items, first for 2; the built-in text encoder cannot make them.*give these items vectors too/,
    ],
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
      /item 9: expected an item of .*items\.jsonl, got an unknown id; --skip-unknown-items leaves them out$/,
    ],
    ['fewer vectors than items', vectors(2), 'items.jsonl', 3, /expected 2 items, as many as vectors, got more/],
    ['more vectors than items', vectors(4), 'items.jsonl', null, /expected 4 items, as many as vectors, got 3/],
  ]);
});

const ITEM = { title: 'Pot', description: null, brand: null, categories: ['Kitchen', 'Tea'] };

describe('fitItem', () => {
  it('leaves alone what is as long as the API takes, counted in characters', () => {
    const item = {
      title: '🐯'.repeat(500),
      description: 'd'.repeat(10_000),
      brand: '語'.repeat(200),
      categories: Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(200, 'x')),
    };
    expect(fitItem(item)).toEqual({ item, isCut: false });
    const pictured = { ...ITEM, currency: 'EUR', imageUrl: 'https://shop.example.com/1.png' };
    for (const short of [ITEM, pictured]) expect(fitItem(short)).toEqual({ item: short, isCut: false });
  });

  it.each([
    ['title', { title: '🐯'.repeat(501) }, { title: '🐯'.repeat(500) }],
    ['category', { categories: ['a', 'c'.repeat(300)] }, { categories: ['a', 'c'.repeat(200)] }],
    ['path', { categories: Array(60).fill('c') }, { categories: Array(50).fill('c') }],
  ])('cuts a %s that is too long, and says so', (_, long, cut) => {
    expect(fitItem({ ...ITEM, ...long })).toEqual({ item: { ...ITEM, ...cut }, isCut: true });
  });
});
