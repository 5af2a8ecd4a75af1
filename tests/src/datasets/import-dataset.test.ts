import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { presetConfig } from '../../../models/config';
import { unpackTexts } from '../../../models/math/packed-texts';
import { checkRoom, importDataset } from '../../../src/datasets/import-dataset';
import { readDataset } from '../../../src/datasets/read-dataset';
import { readExperimentData } from '../../../src/experiments/experiment-data';
import { buildTrainRequest } from '../../../src/training/training-data';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { RESEARCH, useFolder, type Files } from '../../support/dataset-files';

describe('importDataset', () => {
  const write = useFolder();
  let shop: TestDatabase;
  beforeEach(async () => void (shop = await openTestDatabase()));
  afterEach(() => shop.dispose());

  const vectors = (dims: number) => ({
    'vectors.json': JSON.stringify({ rows: 3, dims, dtype: 'int8' }),
    'vectors.int8.bin': new Uint8Array(3 * dims).fill(1),
  });

  it('adds purchases in the order of the histories, and reports its progress', async () => {
    const progress: [number, number][] = [];
    const onProgress = (done: number, total: number) => void progress.push([done, total]);
    const counts = await importDataset(shop.database, await readDataset(write(RESEARCH)), { onProgress });
    expect(counts).toMatchObject({ newItems: 3, newUsers: 2, newInteractions: 5 });
    expect(progress.at(-1)).toEqual([8, 8]);
    const rows = await shop.database.read.interaction.findMany({
      where: { user: { externalId: 'ann' } },
      orderBy: { occurredAt: 'asc' },
      select: { kind: true, item: { select: { externalId: true } } },
    });
    expect(rows).toEqual(['1', 'b', '3'].map((externalId) => ({ kind: 'PURCHASE', item: { externalId } })));
  });

  it('adds only what is new when a dataset has grown', async () => {
    await importDataset(shop.database, await readDataset(write(RESEARCH)));
    const grown = write({ ...RESEARCH, 'sequences.txt': 'ann 1 b 3\nbob 3 1 b\ncid 1\n' });
    expect(await importDataset(shop.database, await readDataset(grown))).toMatchObject({
      newItems: 0,
      newUsers: 1,
      newInteractions: 2,
    });
  });

  it('refuses at once what the disk has no room for, with figures', async () => {
    const counts = { items: 1e9, users: 1, interactions: 1e12 };
    const url = `file:${join(tmpdir(), 'shop.db')}`;
    await expect(checkRoom(shop.database, url, { counts, vectors: null })).rejects.toThrow(
      `${tmpdir()}: expected 302000.0 GB free for 1000000000 items and 1000000000000 interactions, got `,
    );
    await checkRoom(shop.database, url, { counts: { ...counts, items: 3, interactions: 5 }, vectors: null });
  });

  it('refuses vectors of another width than those in the database, and writes nothing', async () => {
    await importDataset(shop.database, await readDataset(write({ ...RESEARCH, ...vectors(4) })));
    const wide = write({ 'items.jsonl': '{"id":7}\n{"id":8}\n{"id":9}', 'sequences.txt': 'dan 7', ...vectors(8) });
    await expect(importDataset(shop.database, await readDataset(wide))).rejects.toThrow(
      'vectors: expected 4 numbers each, as in the database, got 8',
    );
    expect(await shop.database.read.item.count()).toBe(3);
  });

  it('refuses vectors of another named encoder, and takes those of the same one or without a name', async () => {
    const { database } = shop;
    const named = (encoder: string, ids: number[]) => {
      const header = JSON.stringify({ rows: 3, dims: 4, dtype: 'int8', encoder });
      const items = ids.map((id) => JSON.stringify({ id })).join('\n');
      return write({ 'items.jsonl': items, 'sequences.txt': `dan ${ids[0]}`, ...vectors(4), 'vectors.json': header });
    };
    await importDataset(database, await readDataset(named('clip-a', [1, 2, 3])));
    await expect(importDataset(database, await readDataset(named('other-b', [7, 8, 9])))).rejects.toThrow(
      'vectors: expected those of clip-a, which the database has, got those of other-b',
    );
    for (const [encoder, ids] of [
      ['clip-a', [4, 5, 6]],
      ['given', [10, 11, 12]],
      ['clip-a', [13, 14, 15]],
    ] as const)
      // prettier-ignore
      await importDataset(database, await readDataset(named(encoder, [...ids])));
    expect(await database.read.item.count()).toBe(12);
  });

  it('gives items that came without a vector the one that a later import brings', async () => {
    const { database } = shop;
    await importDataset(database, await readDataset(write(RESEARCH)));
    expect(await database.read.itemVector.count()).toBe(0);
    await importDataset(database, await readDataset(write({ ...RESEARCH, ...vectors(4) })));
    expect(await database.read.itemVector.findMany({ select: { encoder: true, dims: true } })).toEqual(
      Array(3).fill({ encoder: 'given', dims: 4 }),
    );
  });

  const HEADER = 'customer_id,stock_code,timestamp';
  const ITEMS_CSV = 'stock_code,description,price\n10,Pot,1\n20,Cup,2\n';
  const EVENTS = [
    ['7', '10', '2011-10-31T12:25'],
    ['7', '20', '2011-11-02T00:00'],
    ['8', '10', '2011-10-30T01:02'],
  ];
  const csv = (rows: string[][], spell = (time: string) => time) =>
    [HEADER, ...rows.map(([user, item, time]) => [user, item, spell(time)].join(','))].join('\n');
  const inMs = (time: string) => Date.parse(`${time}Z`);
  const jsonLines = (line: (user: string, item: string, time: string) => object) => ({
    'items.jsonl': '{"id":"10","title":"Pot","price":1}\n{"id":20,"title":"Cup","price":2}',
    'interactions.jsonl': EVENTS.map(([user, item, time]) => JSON.stringify(line(user, item, time))).join('\n'),
  });
  const tables = (events: string): Files => ({ 'items.csv': ITEMS_CSV, 'events.csv': events });

  it.each<[string, Files]>([
    ['ISO times', tables(csv(EVENTS))],
    ['seconds', tables(csv(EVENTS, (time) => String(inMs(time) / 1000)))],
    ['milliseconds', tables(csv(EVENTS, (time) => String(inMs(time))))],
    ['a user in several places, the newest first', tables(csv([EVENTS[1], EVENTS[2], EVENTS[0]]))],
    ['a repeated event', tables(csv([...EVENTS, EVENTS[0]]))],
    [
      'JSON lines',
      jsonLines((user, item, time) => ({
        user,
        item,
        kind: 'PURCHASE',
        at: `${time}:00Z`,
        eventId: `${user} ${item}`,
      })),
    ],
  ])('imports the same rows from a log with %s', async (_, files) => {
    await importDataset(shop.database, await readDataset(write(files)));
    const rows = await shop.database.read.interaction.findMany({
      orderBy: [{ user: { externalId: 'asc' } }, { occurredAt: 'asc' }, { id: 'asc' }],
      select: { kind: true, occurredAt: true, user: { select: { externalId: true } }, item: { select: { externalId: true, title: true, price: true } } }, // prettier-ignore
    });
    const items = {
      '10': { externalId: '10', title: 'Pot', price: 1 },
      '20': { externalId: '20', title: 'Cup', price: 2 },
    };
    expect(rows).toEqual(
      EVENTS.map(([user, item, time]) => {
        return {
          kind: 'PURCHASE',
          occurredAt: new Date(inMs(time)),
          user: { externalId: user },
          item: items[item as '10'],
        };
      }),
    );
  });

  it('leaves the histories in the database that an experiment reads from the folder', async () => {
    const twice = csv([...EVENTS, EVENTS[0], EVENTS[1], ['8', '20', '2011-10-30T01:02']]);
    const dataset = await readDataset(write(tables(twice)));
    expect(dataset).toMatchObject({ merged: 2, skipped: 0 });
    await importDataset(shop.database, dataset);
    const scope = {
      id: 1,
      config: presetConfig('tiny') as never,
      tokenizerId: null,
      lastItemId: 1e9,
      lastInteractionId: 1e9,
    };
    const { log } = await buildTrainRequest(shop.database, scope, '/jobs/1');
    const { log: ofFolder } = await readExperimentData(dataset);
    expect({ ...log, userKeys: unpackTexts(log.userKeys) }).toEqual(ofFolder);
  });
});
