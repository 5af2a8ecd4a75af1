/** Compares what the thread reads with a plain reading of the same rows, on both databases. */
import { presetConfig } from '../../../models/config';
import { unpackTexts } from '../../../models/math/packed-texts';
import { createRandom } from '../../../models/math/random';
import { itemText } from '../../../models/text/item-text';
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import type { Interaction } from '../../../prisma/generated/sqlite/client';
import { DATABASE_DEFAULTS } from '../../../src/config';
import { insertRows } from '../../../src/storage/bulk-rows';
import type { Database } from '../../../src/storage/database';
import { isDatabaseFault } from '../../../src/storage/database-error';
import { writeVectors } from '../../../src/storage/item-rows';
import { type DataScope, readInThread } from '../../../src/training/training-data';
import { type TestDatabase } from '../../support/database';
import { describeOnBoth } from '../../support/postgres';

const ITEMS = 40;
/** More than two queries read. One user has more than one query reads. */
const INTERACTIONS = 24_000;
const BUSY_SHARE = 0.5;
const USERS = 300;
const DIMS = SENTENCE_DIMS;
const never = new AbortController().signal;

async function fill({ database }: TestDatabase): Promise<void> {
  const random = createRandom(3);
  const upTo = (end: number) => Math.floor(end * random.next());
  await database.write(async (transaction) => {
    const items = Array.from({ length: ITEMS }, (_, i) => {
      return {
        externalId: `i${i}`,
        title: `Ünïcode ${i} 🎈`,
        categories: i % 3 === 0 ? [] : [`c${i % 2}`, `d${i % 5}`],
      };
    });
    for (const item of items) await transaction.item.create({ data: { ...item, sortTitle: '' } });
    const users = Array.from({ length: USERS }, (_, u) => ({ externalId: `user, ${u}; é` }));
    await transaction.user.createMany({ data: users });
    const [itemIds, userIds] = [await transaction.item.findMany(), await transaction.user.findMany()];
    const busy = userIds[7].id;
    // Few different times, so that many are equal; some lie before 1970, and some have odd milliseconds.
    const rows = Array.from({ length: INTERACTIONS }, () => ({
      userId: random.next() < BUSY_SHARE ? busy : userIds[upTo(USERS - 1)].id,
      itemId: itemIds[upTo(ITEMS)].id,
      kind: 'VIEW',
      occurredAt: new Date((upTo(400) - 100) * 86_400_001),
    }));
    await insertRows(transaction, 'Interaction', rows);
    const vectors = itemIds.slice(0, 30).map(({ id }, i) => {
      return { itemId: id, encoder: SENTENCE_ENCODER, dims: DIMS, vector: new Float32Array(DIMS).fill(1 / (i + 1)) };
    });
    await writeVectors(transaction, vectors);
  });
}

/** Everything but the last item and the last thousand interactions. */
async function scopeOf({ read }: Database): Promise<DataScope> {
  const items = await read.item.aggregate({ _max: { id: true } });
  const interactions = await read.interaction.aggregate({ _max: { id: true } });
  const config = presetConfig('tiny') as object as DataScope['config'];
  return {
    id: 7,
    config,
    tokenizerId: null,
    lastItemId: items._max.id! - 1,
    lastInteractionId: interactions._max.id! - 1_000,
  };
}

/** A run of one item within a day is one entry. */
function isRun(event: Interaction, next: Interaction | undefined): boolean {
  return next?.itemId === event.itemId && next.occurredAt.getTime() - event.occurredAt.getTime() < 86_400_000;
}

/** Row by row, in plain arrays. */
async function plainHistories({ read }: Database, { lastItemId, lastInteractionId }: DataScope) {
  const itemIds = (await read.item.findMany({ where: { id: { lte: lastItemId } }, orderBy: { id: 'asc' } })).map(
    ({ id }) => id,
  );
  const interactions = {
    where: { id: { lte: lastInteractionId }, itemId: { lte: lastItemId } },
    orderBy: [{ occurredAt: 'asc' as const }, { id: 'asc' as const }],
  };
  const users = await read.user.findMany({ orderBy: { id: 'asc' }, include: { interactions } });
  return users
    .filter((user) => user.interactions.length > 0)
    .map((user) => ({
      userKey: user.externalId,
      events: user.interactions
        .filter((event, i, all) => !isRun(event, all[i + 1]))
        .map(({ itemId, occurredAt }) => [itemIds.indexOf(itemId), occurredAt.getTime()]),
    }));
}

describeOnBoth('the data worker', (opened) => {
  const source = () => ({ databaseUrl: opened.url, database: DATABASE_DEFAULTS });

  beforeAll(async () => {
    await fill(opened);
  }, 60_000);

  it('reads every history to the last digit as a plain reading does', async () => {
    const scope = await scopeOf(opened.database);
    const { log, itemIds, texts, vectors, dims } = await readInThread(source(), scope, '/jobs/7', never);
    const histories = unpackTexts(log.userKeys).map((userKey, u) => {
      const at = Array.from({ length: log.offsets[u + 1] - log.offsets[u] }, (_, i) => log.offsets[u] + i);
      return { userKey, events: at.map((i) => [log.items[i], log.times[i]]) };
    });
    expect(histories).toEqual(await plainHistories(opened.database, scope));
    const items = await opened.database.read.item.findMany({ take: ITEMS - 1, orderBy: { id: 'asc' } });
    expect([...itemIds]).toEqual(items.map(({ id }) => id));
    expect(unpackTexts(texts)).toEqual(items.map((item) => itemText(item as never)));
    expect(dims).toBe(DIMS);
    const [last, missing] = [29, 30].map((row) => vectors.subarray(row * DIMS, (row + 1) * DIMS));
    expect(last.every((x) => x === Math.fround(1 / 30))).toBe(true);
    expect(missing.every(Number.isNaN)).toBe(true);
  });
});

describe('the data worker without a database', () => {
  it('says that the database does not answer, so that it is asked again', async () => {
    const database = { ...DATABASE_DEFAULTS, connectTimeoutMs: 500 };
    const scope = { id: 1, config: {}, tokenizerId: null, lastItemId: 1, lastInteractionId: 1 };
    const source = { databaseUrl: 'postgresql://nobody@127.0.0.1:9/none', database };
    const error: unknown = await readInThread(source, scope, '/jobs/1', new AbortController().signal).catch(
      (each: unknown) => each,
    );
    expect(isDatabaseFault(error)).toBe(true);
  });
});
