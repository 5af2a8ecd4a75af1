import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';

import { readDataset } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { type Files, itRefuses, useFolder } from '../../support/dataset-files';

function parquet(columnData: ColumnSource[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2 }));
}

const ITEMS = parquet([
  { name: 'id', data: ['a', 'b', 'c'] },
  { name: 'title', data: ['Teapot', 'Spoon', null] },
  { name: 'price', data: [12.5, null, 3] },
  { name: 'asin', data: ['B0', 'B1', 'B2'] },
]);
const EVENTS = [
  { name: 'user', data: [7n, 8n, 7n], type: 'INT64' },
  { name: 'item', data: ['b', 'a', 'a'] },
  { name: 'kind', data: ['PURCHASE', 'RATING', 'VIEW'] },
  { name: 'at', data: [3000, 2000, 1000].map((ms) => new Date(ms)), type: 'TIMESTAMP' },
  { name: 'rating', data: [null, 4.5, null] },
] satisfies ColumnSource[];
const SHOP: Files = { 'items.parquet': ITEMS, 'interactions.parquet': parquet(EVENTS) };

const WITH_EMBEDDING: SchemaElement[] = [
  { name: 'root', num_children: 2 },
  { name: 'id', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'embedding', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', type: 'FLOAT' },
];

describe('a folder of Parquet files', () => {
  const write = useFolder();

  it('has the fields of the JSON lines as columns', async () => {
    const dataset = await readDataset(write(SHOP));
    expect(dataset.counts).toEqual({ items: 3, users: 2, interactions: 3 });
    expect(await collect(dataset.items())).toEqual([
      { externalId: 'a', title: 'Teapot', price: 12.5, vector: null },
      { externalId: 'b', title: 'Spoon', price: null, vector: null },
      { externalId: 'c', title: '', price: 3, vector: null },
    ]);
    expect(await collect(dataset.sequences())).toMatchObject([
      { userExternalId: '7', itemExternalIds: ['a', 'b'], times: [1000, 3000] },
      { userExternalId: '8', itemExternalIds: ['a'], events: [{ kind: 'RATING', rating: 4.5 }] },
    ]);
  });

  it('has vectors of length 1 in a column', async () => {
    const data = [[3, 4], [0, 2], [-1, 0]]; // prettier-ignore
    const columns = [
      { name: 'id', data: ['a', 'b', 'c'] },
      { name: 'embedding', data },
    ];
    const items = new Uint8Array(parquetWriteBuffer({ columnData: columns, schema: WITH_EMBEDDING }));
    const dataset = await readDataset(write({ 'items.parquet': items }));
    expect(dataset.vectors).toMatchObject({ dims: 2, encoder: 'given' });
    const vectors = (await collect(dataset.items())).map(({ vector }) => vector);
    expect(vectors).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0, 1), Float32Array.of(-1, 0)]);
  });
});

describe('a Parquet file that is wrong', () => {
  itRefuses([
    [
      'a file that is cut off',
      { 'items.parquet': ITEMS.slice(0, -20) },
      'items.parquet',
      null,
      /expected a Parquet file/,
    ],
    ['one that is none', { 'items.parquet': 'id,title\n' }, 'items.parquet', null, /expected a Parquet file/],
    [
      'a row without an item, by its number',
      {
        ...SHOP,
        'interactions.parquet': parquet(
          EVENTS.map((column) => (column.name === 'item' ? { name: 'item', data: ['b', 'a', ''] } : column)),
        ),
      },
      'interactions.parquet',
      3,
      /^item: /,
    ],
    ['a second file of items', { ...SHOP, 'items.jsonl': '{"id": 1}' }, '', null, /expected one of these files/],
  ]);
});
