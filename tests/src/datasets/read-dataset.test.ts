import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { DatasetSequence } from '../../../src/datasets/dataset';
import { readDataset, RepeatedEvents } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { type Files, itRefuses, RESEARCH, SHOP, useFolder } from '../../support/dataset-files';

const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.gz`, gzipSync(text)]));
const TABS: Files = Object.fromEntries(
  Object.entries(SHOP).map(([name, text]) => [
    name.replace('csv', 'tsv'),
    String(text).replace('"Teapot, red"', 'Teapot').replaceAll(',', '\t'),
  ]),
);
const EVENTS = '{"user":"ann","item":"b","kind":"VIEW","at":"2024-01-02"}\n';

describe('readDataset', () => {
  const write = useFolder();

  it.each([
    ['JSON lines', RESEARCH, { items: 3, users: 2, interactions: 5 }],
    ['tables', SHOP, { items: 2, users: 2, interactions: 3 }],
    ['gzipped JSON lines', gzipped(RESEARCH), { items: 3, users: 2, interactions: 5 }],
    [
      'gzipped interactions',
      { ...RESEARCH, 'interactions.jsonl.gz': gzipSync(EVENTS) },
      { items: 3, users: 1, interactions: 1 },
    ],
    ['gzipped tables', gzipped(SHOP), { items: 2, users: 2, interactions: 3 }],
    ['tables whose names say what is between their cells', TABS, { items: 2, users: 2, interactions: 3 }],
  ])('counts items, users and interactions of %s', async (_, files, counts) => {
    expect((await readDataset(write(files))).counts).toEqual(counts);
  });

  it('refuses a folder that does not exist', async () => {
    await expect(readDataset(join(write({}), 'nowhere'))).rejects.toThrow(/expected a folder, got none/);
    await expect(readDataset(join(write(RESEARCH), 'items.jsonl'))).rejects.toThrow(/expected a folder, got a file/);
  });

  itRefuses([
    ['a folder without items', { 'a.txt': '' }, '', null, /expected items.jsonl, items.csv or items.tsv in this folder, perhaps gzipped/],
    ['a folder with items of both layouts', { ...RESEARCH, ...SHOP }, '', null, /expected one of these files, got items.jsonl and items.csv; /],
    ['plain and gzipped events', { ...SHOP, 'events.csv.gz': gzipSync('') }, '', null, /got events.csv and events.csv.gz; remove/],
    ['an archive that is none', { 'events.csv': SHOP['events.csv'], 'items.csv.gz': SHOP['items.csv'] }, 'items.csv.gz', null, /got bytes that are not gzip/],
  ]); // prettier-ignore
});

describe('RepeatedEvents', () => {
  async function leaveOut(...sequences: DatasetSequence[]) {
    const repeated = new RepeatedEvents();
    const kept = await collect(repeated.leaveOut((async function* () { yield* sequences; })())); // prettier-ignore
    return { kept, merged: repeated.merged };
  }

  const ann = { userExternalId: 'ann', itemExternalIds: ['a', 'b', 'a', 'a'], times: [1, 1, 1, 2] };

  it('knows a purchase by user, item and time', async () => {
    const bob = { ...ann, userExternalId: 'bob' };
    const { kept, merged } = await leaveOut(ann, bob);
    const rest = { itemExternalIds: ['a', 'b', 'a'], times: [1, 1, 2] };
    expect(kept).toEqual([{ userExternalId: 'ann', ...rest }, { userExternalId: 'bob', ...rest }]); // prettier-ignore
    expect(merged).toBe(2);
  });

  it('knows other events by their ids alone, of whatever user', async () => {
    const withIds = (...eventIds: (string | null)[]) =>
      eventIds.map((eventId) => ({ kind: 'VIEW' as const, eventId, rating: null }));
    const bob = { userExternalId: 'bob', itemExternalIds: ['a'], times: [9], events: withIds('x') };
    const { kept, merged } = await leaveOut({ ...ann, events: withIds('x', 'x', null, null) }, bob);
    expect(kept).toEqual([
      { userExternalId: 'ann', itemExternalIds: ['a', 'a', 'a'], times: [1, 1, 2], events: withIds('x', null, null) },
    ]);
    expect(merged).toBe(2);
  });
});
