import { writeVectors } from '../../../src/storage/item-vectors';
import { ModelStore } from '../../../src/training/model-store';
import type { ModelToLoad } from '../../../src/workers/messages';
import {
  activateFakeModel,
  createTestCatalogue,
  emptyTables,
  followActivations,
  storeFakeModel,
  type TestCatalogue,
} from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { vectorOfCodes } from '../../support/fake-assigner';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

type Loaded = ModelToLoad;

function requireWhole(checkpointDir: string): void {
  if (checkpointDir !== '/damaged') return;
  throw Object.assign(new Error('weights: expected another hash'), { name: 'CheckpointError' });
}

describe('ModelStore', () => {
  let opened: TestDatabase;
  let test: TestCatalogue;
  let store: ModelStore;
  let prepared: { id: number; loadedBefore: number }[];
  let loaded: Loaded[];
  let warnings: string[];
  let news: string[];
  let liveVersionId: number | null;
  let fetching: Promise<void>;
  let first: { tokenizerId: number; modelVersionId: number };

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    first = await activateFakeModel(opened);
    test = createTestCatalogue(
      opened,
      followActivations(() => store),
    );
    [prepared, loaded, warnings, news, fetching] = [[], [], [], [], Promise.resolve()];
    liveVersionId = first.modelVersionId;
    store = new ModelStore({
      services: test.services,
      hub: test.hub,
      prepare: async ({ id, checkpointDir }) => {
        prepared.push({ id, loadedBefore: loaded.length });
        requireWhole(checkpointDir);
      },
      fetch: () => fetching,
      load: async (model) => {
        requireWhole(model.checkpointDir);
        loaded.push(model);
        liveVersionId = model.modelVersionId;
      },
      resume: async () => false,
      revive: () => fail('expected no lost worker'),
      isWhole: () => true,
      liveVersionId: () => liveVersionId,
      onWarning: (message) => warnings.push(message),
      onNews: (message) => news.push(message),
    });
  });

  const addVersion = async (number: number, checkpointDir?: string) => {
    const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number, status: 'TRAINED', checkpointDir });
    return { id: modelVersionId, tokenizerId };
  };

  async function add(...titles: string[]): Promise<number[]> {
    const { items } = await test.catalogue.addItems(
      titles.map((title) => ({ externalId: title, title })),
      true,
    );
    return items.map((item) => item!.id);
  }

  it('knows which version was active before, whatever its number', async () => {
    const [second, third] = [await addVersion(2), await addVersion(3)];
    expect(await store.former()).toBeNull();
    for (const { id } of [third, { id: first.modelVersionId }, second, second]) await store.activate(id);
    expect((await store.former())?.id).toBe(first.modelVersionId);
  });

  it('says who activates a version, and which one makes the lists when it is another one', async () => {
    const { id } = await addVersion(2);
    await store.activate(id);
    await store.activate(id);
    const activated = 'Model version 2 is activated';
    expect(news).toEqual([activated, 'Model version 2 makes the lists of this process', activated]);
  });

  it('tells subscribers once of an activation that the log tells again', async () => {
    const { id } = await addVersion(2);
    await store.activate(id);
    await store.follow(test.commits.at(-1)!);
    await store.follow(test.commits.at(-1)!);
    expect(test.hub.published('ACTIVE_MODEL_CHANGES')).toHaveLength(1);
  });

  it('makes a version live with codes for every item, and the former one retired', async () => {
    const [a, b, c] = await add('#1.1 a', '#1.1 b', '#2.2 c');
    await test.catalogue.removeItems([b]);
    const { id, tokenizerId } = await addVersion(2);
    const version = await test.catalogue.version();
    const { modelVersion, userErrors } = await store.activate(id);
    expect(userErrors).toEqual([]);
    expect(modelVersion).toMatchObject({ id, number: 2, status: 'ACTIVE' });
    expect((await store.version(first.modelVersionId))?.status).toBe('RETIRED');
    expect(loaded).toEqual([
      {
        modelVersionId: id,
        tokenizerId,
        checkpointDir: '/nowhere',
        table: { idLength: 3, itemIds: Int32Array.of(a, c), codes: Int32Array.of(1, 1, 0, 2, 2, 0) },
        live: Uint8Array.of(1, 1),
        catalogueVersion: version + 1,
      },
    ]);
    expect(test.commits.at(-1)).toMatchObject({ version: version + 1, kind: 'MODEL_ACTIVATED', changes: [] });
    expect(test.hub.published('ACTIVE_MODEL_CHANGES')).toEqual([{ catalogueVersion: version + 1, modelVersion }]);
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
    expect(await test.catalogue.tokenizedItemCount()).toBe(2);
  });

  it('goes back to the former version, with the items that came meanwhile', async () => {
    await add('#1.1 a');
    const { id } = await addVersion(2);
    await store.activate(id);
    const [b] = await add('#1.1 b');
    await store.activate(first.modelVersionId);
    expect((await store.live())?.id).toBe(first.modelVersionId);
    expect(loaded[1].table.itemIds).toContain(b);
    expect(await test.catalogue.prefix([1, 1])).toEqual({ codes: [1, 1], itemCount: 2 });
  });

  it('gives the former codes back, but for items with another text, and takes no items that went', async () => {
    const [a, b, c] = await add('#1.1 a', '#1.1 b', '#2.2 c');
    await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: a, codes: [3, 0, 2] }], dryRun: false });
    const { id, tokenizerId } = await addVersion(2, '/shift/1');
    await store.activate(id);
    const codesUnder = async (tokenizer: number) => {
      const rows = await opened.database.read.semanticId.findMany({ where: { tokenizerId: tokenizer } });
      return Object.fromEntries(rows.map(({ itemId, codesKey }) => [itemId, codesKey.split('.').map(Number)]));
    };
    expect(await codesUnder(tokenizerId)).toEqual({ [a]: [2, 2, 0], [b]: [2, 2, 1], [c]: [3, 3, 0] });
    await test.catalogue.updateItems([{ itemId: b, title: '#0.3 b' }], true);
    await test.catalogue.removeItems([c]);
    await store.activate(first.modelVersionId);
    expect(await codesUnder(first.tokenizerId)).toEqual({ [a]: [3, 0, 2], [b]: [0, 3, 0], [c]: [2, 2, 0] });
    expect(await storedPrefixes(opened.database, first.tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, first.tokenizerId),
    );
    expect(await test.catalogue.tokenizedItemCount()).toBe(2);
  });

  it('changes nothing when the checkpoint cannot be used', async () => {
    await add('#1.1 a');
    const { id } = await addVersion(2, '/damaged');
    const version = await test.catalogue.version();
    const { modelVersion, userErrors } = await store.activate(id);
    expect(modelVersion).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'UNUSABLE_CHECKPOINT', field: ['modelVersionId'] }]);
    expect(userErrors[0].message).toContain('weights: expected another hash');
    expect((await store.live())?.id).toBe(first.modelVersionId);
    expect(await test.catalogue.version()).toBe(version);
  });

  it('refuses a version that there is not', async () => {
    expect(await store.activate(999)).toMatchObject({ modelVersion: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });

  it('loads the active version at the start, and codes for items that have none', async () => {
    liveVersionId = null;
    const [a] = await add('#1.1 a');
    await opened.database.write((transaction) => transaction.semanticId.deleteMany());
    await opened.database.write((transaction) => transaction.semanticIdPrefix.deleteMany());
    const { modelVersion, problem } = await store.restore();
    expect(problem).toBeNull();
    expect(modelVersion?.id).toBe(first.modelVersionId);
    expect([...loaded[0].table.itemIds]).toEqual([a]);
    expect(await test.catalogue.prefix([1, 1, 0])).toEqual({ codes: [1, 1, 0], itemCount: 1 });
  });

  it('has the files of the active version read before it loads it, unless it is live', async () => {
    liveVersionId = null;
    await store.restore();
    expect(prepared).toEqual([{ id: first.modelVersionId, loadedBefore: 0 }]);
    expect(loaded).toHaveLength(1);
    await store.restore();
    expect(prepared).toHaveLength(1);
  });

  it('has the files of the active version read early when asked to, and says later what is wrong with them', async () => {
    await store.prepareActive();
    expect(prepared).toEqual([{ id: first.modelVersionId, loadedBefore: 0 }]);
    await opened.database.write(({ modelVersion }) => modelVersion.updateMany({ data: { checkpointDir: '/damaged' } }));
    await store.prepareActive();
    await opened.database.write(({ modelVersion }) => modelVersion.deleteMany());
    await store.prepareActive();
    expect(prepared).toHaveLength(2);
  });

  it('says at the start why the active version cannot be loaded', async () => {
    liveVersionId = null;
    await opened.database.write((transaction) =>
      transaction.modelVersion.update({ where: { id: first.modelVersionId }, data: { checkpointDir: '/damaged' } }),
    );
    const { modelVersion, problem } = await store.restore();
    expect(modelVersion).toBeNull();
    expect(problem).toBe('model version 1 cannot be loaded: weights: expected another hash');
  });

  it('lets changes go on while the files of the active version do not come, and loads it when they do', async () => {
    liveVersionId = null;
    let come: () => void = () => undefined;
    fetching = new Promise((resolve) => (come = resolve));
    const restoring = store.restore();
    const [a] = await add('#1.1 a');
    expect(loaded).toEqual([]);
    come();
    expect((await restoring).problem).toBeNull();
    expect([...loaded[0].table.itemIds]).toEqual([a]);
  });

  it('says why the files of the active version do not come', async () => {
    liveVersionId = null;
    fetching = Promise.reject(new Error('s3://shop/: ETIMEDOUT'));
    fetching.catch(() => undefined); // it is asked for later
    expect(await store.restore()).toEqual({
      modelVersion: null,
      problem: 'model version 1 cannot be loaded: s3://shop/: ETIMEDOUT',
    });
  });

  it('warns of items that find no place', async () => {
    await add(...Array.from({ length: 16 }, (_, i) => `#0.0 ${i}`)); // as many as there are IDs that begin with 0
    await opened.database.write(async (transaction) => {
      const { id } = await transaction.item.create({ data: { externalId: 'e', title: '#0.0 e', searchTitle: 'e' } });
      const vector = Float32Array.from(vectorOfCodes(0, 0));
      await writeVectors(transaction, [{ itemId: id, encoder: 'fake', dims: vector.length, vector }]);
    });
    const { id } = await addVersion(2);
    expect((await store.activate(id)).userErrors).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^1 items got no semantic ID: /)]);
  });

  it('counts the items without a place of a whole round, whatever version becomes active meanwhile', async () => {
    // Of each first code 16 of 30 items find a place; the first step looks at 100 items, 25 of each code.
    const data = Array.from({ length: 120 }, (_, i) => ({
      externalId: `${i}`,
      title: `#${i % 4}.0 ${i}`,
      searchTitle: '',
    }));
    await opened.database.write((transaction) => transaction.item.createMany({ data }));
    const { next } = await store.giveMissingCodes(0);
    expect([next === null, warnings]).toEqual([false, []]);
    const { id } = await addVersion(2);
    await store.activate(id);
    // The activation looks at the same 100 items, whose texts are encoded by now.
    expect(warnings).toEqual([expect.stringMatching(/^36 items got no semantic ID: /)]);
    expect((await store.giveMissingCodes(next!)).next).toBeNull();
    expect(warnings.slice(1)).toEqual([expect.stringMatching(/^56 items got no semantic ID: /)]);
  });

  it('makes no vectors for items that have none beside vectors of another width, and says the width', async () => {
    const data = { externalId: 'a', title: '#1.1 a', searchTitle: '' };
    const version = await addVersion(2);
    await opened.database.write(async (transaction) => {
      await transaction.item.create({ data });
      await transaction.tokenizer.updateMany({ data: { dims: 768 } });
    });
    await store.giveMissingCodes(0);
    expect((await store.activate(version.id)).userErrors).toEqual([]);
    await store.giveMissingCodes(0);
    const told = /^1 items got no semantic ID: they have no vector of 768 numbers/;
    expect(warnings).toEqual([expect.stringMatching(told), expect.stringMatching(told)]);
    expect(await opened.database.read.itemVector.count()).toBe(0);
  });

  it('pages versions, newest first', async () => {
    await addVersion(2);
    await addVersion(3);
    const page = await store.versions({ first: 2, after: null });
    expect(page.edges.map(({ node }) => node.number)).toEqual([3, 2]);
    const rest = await store.versions({ first: 2, after: page.edges[1].cursor });
    expect(rest.edges.map(({ node }) => node.number)).toEqual([1]);
    expect(rest.hasNextPage).toBe(false);
  });
});
