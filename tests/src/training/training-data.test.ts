import { presetConfig, type PresetName } from '../../../models/config';
import { KINDS } from '../../../models/data/kinds';
import { packTexts, unpackTexts } from '../../../models/math/packed-texts';
import { Rows } from '../../../models/math/rows';
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { writeVectors } from '../../../src/storage/item-rows';
import { buildTrainRequest, checkTrainRequest } from '../../../src/training/training-data';
import type { TrainRequest } from '../../../src/workers/messages';
import { createTestCatalogue, emptyTables, type TestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { logOf } from '../../support/little-log';

describe('buildTrainRequest', () => {
  const opened = useTestDatabase();
  let test: TestCatalogue;
  beforeEach(async () => {
    await emptyTables(opened);
    test = createTestCatalogue(opened);
  });

  async function add(...externalIds: string[]): Promise<number[]> {
    const items = externalIds.map((externalId) => ({ externalId, title: `title ${externalId}`, categories: ['C'] }));
    return (await test.catalogue.upsertItems(items, true)).items.map((item) => item!.id);
  }

  const buy = (...events: (readonly [user: string, item: string, second: number])[]) =>
    test.catalogue.recordInteractions(
      events.map(([userExternalId, itemExternalId, second]) => {
        return { userExternalId, itemExternalId, kind: 'PURCHASE', occurredAt: new Date(1000 * second) };
      }),
    );

  /** A job that is started now. */
  async function newJob(tokenizerId: number | null = null): Promise<TrainingJob> {
    const { read } = opened.database;
    const items = await read.item.aggregate({ _max: { id: true } });
    const interactions = await read.interaction.aggregate({ _max: { id: true } });
    return {
      id: 7,
      config: presetConfig('tiny'),
      tokenizerId,
      lastItemId: items._max.id ?? 0,
      lastInteractionId: interactions._max.id ?? 0,
    } as unknown as TrainingJob;
  }

  const build = (job: TrainingJob) => buildTrainRequest(test.services.database, job, '/jobs/7');

  /** User → rows of the items bought, oldest first, with their times in seconds. */
  const historiesOf = ({ log: { userKeys, offsets, items, times } }: TrainRequest) =>
    Object.fromEntries(
      unpackTexts(userKeys).map((userKey, u) => {
        const rows = Array.from({ length: offsets[u + 1] - offsets[u] }, (_, i) => offsets[u] + i);
        return [userKey, rows.map((at) => [items[at], times[at] / 1000])];
      }),
    );

  it('refuses at once what the memory has no room for, with figures', async () => {
    await add('a', 'b');
    const building = buildTrainRequest(opened.database, await newJob(), '/jobs/7', { memoryBytes: 500e6 });
    await expect(building).rejects.toThrow(
      /^memory: expected 0\.9 GB .* on 2 items and 0 interactions, got .* with 0\.5 GB; give it more/,
    );
  });

  it('has one entry for an item that is bought, viewed and put into the cart: a purchase at the time of the last', async () => {
    await add('a', 'b');
    const events = (['PURCHASE', 'VIEW', 'CART'] as const).map((kind, i) => {
      return { userExternalId: 'u', itemExternalId: 'b', kind, occurredAt: new Date(1000 * (2 + i)) };
    });
    await buy(['u', 'a', 1]);
    await test.catalogue.recordInteractions(events);
    const request = await build(await newJob());
    expect(historiesOf(request)).toEqual({ u: [[0, 1], [1, 4]] }); // prettier-ignore
    expect(Array.from(request.log.kinds, (kind) => KINDS[kind])).toEqual(['PURCHASE', 'PURCHASE']);
  });

  it('has what existed when the job was started, also when it is built again later', async () => {
    await add('a', 'b');
    await buy(['u', 'a', 1]);
    const job = await newJob();
    const before = await build(job);
    await add('late');
    await buy(['u', 'b', 2], ['new', 'late', 3]);
    expect(await build(job)).toEqual(before);
  });

  const setVectors = (...vectors: Parameters<typeof writeVectors>[1]) =>
    opened.database.write((transaction) => writeVectors(transaction, vectors));

  it('has the stored vectors, and NaN for items whose vectors the built-in encoder can make', async () => {
    const [a, b, c] = await add('a', 'b', 'c');
    await opened.database.write((transaction) => transaction.itemVector.deleteMany({ where: { itemId: b } }));
    const vector = new Float32Array(SENTENCE_DIMS).fill(0.5);
    await setVectors({ itemId: c, encoder: SENTENCE_ENCODER, dims: SENTENCE_DIMS, vector });
    const request = await build(await newJob());
    expect([...request.itemIds]).toEqual([a, b, c]);
    const rows = new Rows(request.vectors, request.dims);
    expect([rows.row(0)[0], rows.row(1)[0], rows.row(2)[0]]).toEqual([1, NaN, 0.5]);
  });
});

describe('checkTrainRequest', () => {
  const check = (texts: string[], vectors: number[], history = [[0], [1], [0], [1]], preset: PresetName = 'tiny') => {
    const log = logOf([history]);
    checkTrainRequest({
      config: presetConfig(preset),
      log: { ...log, userKeys: packTexts(log.userKeys) },
      texts: packTexts(texts),
      vectors: Float32Array.from(vectors),
      dims: 1,
      experiment: null,
    });
  };

  it.each([
    ['texts that differ', ['a', 'b'], [NaN, NaN]],
    ['equal texts with vectors', ['a', 'a'], [1, 2]],
    ['equal texts, one of them with a vector', ['a', 'a'], [NaN, 2]],
  ])('takes %s', (_, texts, vectors) => {
    expect(() => check(texts, vectors)).not.toThrow();
  });

  it('refuses equal texts without a vector', () => {
    expect(() => check(['a', 'a', 'a'], [NaN, NaN, NaN])).toThrow(
      'items: expected texts that differ, got 3 equal ones',
    );
    expect(() => check(['', '', ''], [NaN, NaN, NaN])).toThrow('items: expected texts that differ, got 3 equal ones');
  });

  it.each(['tiny', 'demo'] as const)('refuses one item with advice that helps, with preset %s', (preset) => {
    expect(() => check(['Pot'], [NaN], [[0], [0], [0]], preset)).toThrow(
      'items: expected several to choose among, got one; add items, then train',
    );
  });

  it('refuses more items than there are semantic IDs, before anything is trained', () => {
    const texts = Array.from({ length: 513 }, (_, i) => `Pot ${i}`);
    const vectors = Array.from(texts.keys());
    expect(() => check(texts, vectors)).toThrow(
      'items: expected at most 512, as many as 2 levels of 8 codes have semantic IDs, got 513; ' +
        'train with a larger preset (demo or base) and new codebooks',
    );
    expect(() => check(texts.slice(1), vectors.slice(1))).not.toThrow();
    expect(() => check(texts, vectors, undefined, 'demo')).not.toThrow();
  });

  it.each(['demo', 'base'] as const)('takes equal texts where preset %s reads what is bought together', (preset) => {
    expect(() => check(['', ''], [NaN, NaN], undefined, preset)).not.toThrow();
    expect(() => check(['', ''], [NaN, NaN], [], preset)).toThrow('import more interactions');
  });
});
