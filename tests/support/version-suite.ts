/** A catalogue, the model versions and what makes lists by them, for each test of a file that imports this. */
import { LiveVersion } from '../../src/training/live-version';
import { ModelStore } from '../../src/training/model-store';
import type { ModelToLoad } from '../../src/workers/messages';
import {
  activateFakeModel,
  createTestCatalogue,
  emptyTables,
  followActivations,
  storeFakeModel,
  type TestCatalogue,
} from './catalogue';
import { openTestDatabase, type TestDatabase } from './database';

/** Parts of the running test. */
export let opened: TestDatabase;
export let test: TestCatalogue;
export let models: ModelStore;
export let live: LiveVersion;
/** Version 1, which is active and makes the lists. */
export let first: { tokenizerId: number; modelVersionId: number };
export let prepared: { id: number; loadedBefore: number }[];
export let loaded: ModelToLoad[];
export let warnings: string[];
export let news: string[];

/** Settings of the process under test and its checkpoint store, which a test may change. */
export const scene = { liveVersionId: null as number | null, fetching: Promise.resolve() };

beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.dispose());
beforeEach(async () => {
  await emptyTables(opened);
  first = await activateFakeModel(opened);
  test = createTestCatalogue(
    opened,
    followActivations(() => live),
  );
  [prepared, loaded, warnings, news] = [[], [], [], []];
  scene.fetching = Promise.resolve();
  scene.liveVersionId = first.modelVersionId;
  const parts = {
    services: test.services,
    store: { open: (key: string) => scene.fetching.then(() => key) },
    logger: {
      info: (message: unknown) => void news.push(String(message)),
      warn: (message: unknown) => void warnings.push(String(message)),
      error: (message: unknown) => void warnings.push(String(message)),
    },
  };
  live = new LiveVersion({
    ...parts,
    hub: test.hub,
    firstWaitMs: 1,
    workers: {
      get modelVersionId() {
        return scene.liveVersionId;
      },
      isWhole: true,
      prepare: async ({ modelVersionId: id, checkpointDir }) => {
        prepared.push({ id, loadedBefore: loaded.length });
        requireWhole(checkpointDir);
      },
      load: async (model) => {
        requireWhole(model.checkpointDir);
        loaded.push(model);
        scene.liveVersionId = model.modelVersionId;
      },
      revive: () => fail('expected no lost worker'),
    },
  });
  models = new ModelStore({ ...parts, live });
});
afterEach(() => live.dispose());

function requireWhole(checkpointDir: string): void {
  if (checkpointDir !== '/damaged') return;
  throw Object.assign(new Error('weights: expected another hash'), { name: 'CheckpointError' });
}

export async function addVersion(number: number, checkpointDir?: string) {
  const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number, status: 'TRAINED', checkpointDir });
  return { id: modelVersionId, tokenizerId };
}

export async function add(...titles: string[]): Promise<number[]> {
  const { items } = await test.catalogue.upsertItems(
    titles.map((title) => ({ externalId: title, title })),
    true,
  );
  return items.map((item) => item!.id);
}
