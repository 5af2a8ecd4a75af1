/**
 * Whatever is done in whatever order, by one process or two, with restarts in between: what a process holds in memory is
 * what the database says, node by node and count by count.
 */
import fc from 'fast-check';

import type { ItemFilterArgs } from '../../../graphql/item/records';
import { matchingItemIds } from '../../../src/recommend/item-filters';
import { Popularity } from '../../../src/recommend/popularity';
import { readCodeTable } from '../../../src/semantic-ids/code-table';
import { currentVersion } from '../../../src/storage/change-log-reads';
import { codesKey } from '../../../src/storage/code-keys';
import { type ResultStore, storeTrainingResult } from '../../../src/training/training-results';
import { LiveCodes } from '../../../src/workers/held-model';
import type { TrainRequest, TrainResult } from '../../../src/workers/messages';
import { activateFakeModel, emptyTables, storeFakeModel, storeTrainingJob } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { createFakeAssigner, FAKE_DIMS, type FakeTokenizer } from '../../support/fake-assigner';
import { type LivingProcess, startProcess } from '../../support/living-process';
import { openTestPostgres } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { nodesOf, printedIds } from '../../support/trie-nodes';

type Step =
  | { readonly kind: 'add'; readonly names: readonly number[]; readonly codes: readonly number[] }
  | { readonly kind: 'remove' | 'restore' | 'undo' | 'activate'; readonly pick: number }
  | { readonly kind: 'update'; readonly pick: number; readonly codes: readonly number[]; readonly reencode: boolean }
  | { readonly kind: 'assign'; readonly picks: readonly number[]; readonly codes: readonly number[] }
  | { readonly kind: 'reencode'; readonly prefix: readonly number[] }
  | { readonly kind: 'go back' | 'begin training' | 'finish training' | 'restart' | 'switch process' };

const pick = fc.nat(15);
const codes = fc.array(fc.nat(11), { minLength: 2, maxLength: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), names: fc.array(pick, { minLength: 1, maxLength: 6 }), codes }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('activate' as const), pick }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'go back' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('update' as const), pick, codes, reencode: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('assign' as const), picks: fc.array(pick, { minLength: 1, maxLength: 3 }), codes }) }, // prettier-ignore
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reencode' as const), prefix: fc.array(fc.nat(4), { maxLength: 3 }) }) }, // prettier-ignore
  { weight: 1, arbitrary: fc.constant({ kind: 'begin training' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'finish training' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'switch process' as const }) },
);

const FILTERS: readonly ItemFilterArgs[] = [{ brands: ['even'] }, { semanticIdPrefix: [1] }];

/** Two processes on one database, and a training that may be under way. */
interface TestProcesses {
  readonly opened: TestDatabase;
  readonly fake: FakeTokenizer;
  readonly processes: LivingProcess[];
  /** The model version that was active before the present one. */
  former: number;
  training: { readonly catalogueVersion: number; readonly itemIds: number[]; readonly vectors: Float32Array } | null;
}

describe.each([
  ['sqlite', openTestDatabase, { numLevels: 2, codebookSize: 4 }, 20],
  ['sqlite, 4 levels of 300 codes', openTestDatabase, { numLevels: 4, codebookSize: 300 }, 8],
  ['postgresql', openTestPostgres, { numLevels: 3, codebookSize: 5 }, 10],
])('a living catalogue (%s)', (_, open, fake, numRuns) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());

  it('has in memory what the database says, through any changes, trainings, activations and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        await emptyTables(opened);
        await activateFakeModel(opened, 1, fake);
        for (const number of [2, 3]) {
          await storeFakeModel(opened, { number, status: 'TRAINED', checkpointDir: `/shift/${number}`, fake });
        }
        const processes = [await startProcess(opened, fake), await startProcess(opened, fake)];
        const running: TestProcesses = {
          opened,
          fake,
          processes,
          former: (await processes[0].models.live())!.id,
          training: null,
        };
        for (const each of steps) {
          await apply(running, each);
          await expectInStep(running, running.processes[0]);
        }
        await expectInStep(running, running.processes[1]);
      }),
      { numRuns },
    );
  }, 240_000);
});

async function expectInStep({ opened, fake }: TestProcesses, process: LivingProcess): Promise<void> {
  await process.poll();
  const { database } = opened;
  const { trie, ...live } = { trie: process.live().codes.trie, ...process.live() };
  const { live: flags, ...table } = await readCodeTable(database.read, live.tokenizerId);
  const idLength = fake.numLevels + 1;
  const stored = LiveCodes.build({ ...table, idLength }, flags, fake.codebookSize).trie;
  expect(printedIds(trie)).toBe(printedIds(stored));
  const counts = Object.fromEntries(
    Array.from(nodesOf(trie), ({ codes, node }) => [`${codes.length}:${codesKey(codes)}`, trie.count(node)]),
  );
  const { '0:': root = 0, ...prefixes } = await storedPrefixes(database, live.tokenizerId);
  expect({ root, ...prefixes }).toEqual({ root: trie.size, ...counts });
  expect(await recomputedPrefixes(database, live.tokenizerId)).toEqual(
    await storedPrefixes(database, live.tokenizerId),
  );
  expect(live.catalogueVersion).toBe(await currentVersion(database.read));
  const logged = await database.read.catalogueLog.findMany({
    where: { version: { gt: process.startVersion } },
    select: { version: true, kind: true, createdAt: true, payload: true, _count: { select: { items: true } } },
    orderBy: { version: 'asc' },
  });
  // As the log has them, also when: who comes back reads the same change from there.
  expect(process.hub.published('CATALOGUE_CHANGES')).toEqual(
    logged.map(({ version, kind, createdAt, payload, _count }) => ({
      version,
      kind,
      itemCount: _count.items,
      undoes: (payload as { undoes?: number }).undoes,
      changedAt: createdAt,
    })),
  );
  expect((await process.models.live())?.id).toBe(live.modelVersionId);
  const popularity = new Popularity();
  await popularity.load(database.read);
  const all = { allow: null, deny: new Set<number>(), first: 1_000 };
  expect(process.popularity.top(all)).toEqual(popularity.top(all));
  for (const filter of FILTERS) {
    const { itemIds } = (await process.filters.passing(filter, false))!;
    expect([...itemIds]).toEqual([...(await matchingItemIds(database.read, filter))]);
  }
}

async function apply(running: TestProcesses, step: Step): Promise<void> {
  const { opened, fake } = running;
  const { read } = opened.database;
  const [{ catalogue }] = running.processes;
  const items = await read.item.findMany({ orderBy: { id: 'asc' } });
  const idAt = (at: number) => items[at % Math.max(1, items.length)]?.id ?? 0;
  const title = (all: readonly number[]) => `#${all.map((code) => code % fake.codebookSize).join('.')}`;
  switch (step.kind) {
    case 'add': {
      const added = step.names.map((name) => ({
        externalId: `i${name}`,
        title: title(step.codes),
        brand: name % 2 ? 'odd' : 'even',
      }));
      return void (await catalogue.upsertItems(added, false));
    }
    case 'remove':
      return void (await catalogue.removeItems([idAt(step.pick)]));
    case 'restore':
      return void (await catalogue.restoreItems([idAt(step.pick)]));
    case 'update': {
      const patch = { itemId: idAt(step.pick), title: title(step.codes), brand: step.reencode ? 'even' : 'odd' };
      return void (await catalogue.updateItems([patch], step.reencode));
    }
    case 'assign': {
      const given = step.codes.slice(0, fake.numLevels + 1).map((code) => code % fake.codebookSize);
      const assignments = step.picks.map((each) => ({ itemId: idAt(each), codes: given }));
      return void (await catalogue.reassignSemanticIds({ assignments, dryRun: false }));
    }
    case 'reencode':
      return void (await catalogue.reassignSemanticIds({ prefix: step.prefix, dryRun: false }));
    case 'undo': {
      const rows = await read.catalogueLog.findMany({ where: { kind: 'SEMANTIC_IDS_REASSIGNED' } });
      const version = rows[step.pick % Math.max(1, rows.length)]?.version ?? 1;
      return void (await catalogue.undoReassignment(version, false));
    }
    case 'activate': {
      const versions = await read.modelVersion.findMany({ orderBy: { id: 'asc' } });
      return activate(running, versions[step.pick % versions.length].id);
    }
    case 'go back':
      return activate(running, running.former);
    case 'begin training':
      running.training = await beginTraining(running);
      return;
    case 'finish training':
      if (running.training) await finishTraining(running, running.training);
      return;
    case 'restart':
      running.processes[0] = await startProcess(opened, fake);
      return;
    case 'switch process':
      running.processes.reverse();
      return;
    default:
      step satisfies never;
  }
}

async function activate(running: TestProcesses, id: number): Promise<void> {
  const [{ models }] = running.processes;
  running.former = (await models.live())!.id;
  expect((await models.activate(id)).userErrors).toEqual([]);
}

async function beginTraining({ opened, fake }: TestProcesses): Promise<TestProcesses['training']> {
  const { read } = opened.database;
  const items = await read.item.findMany({ orderBy: { id: 'asc' } });
  const { vectors } = await createFakeAssigner(fake).encode(
    items.map((item) => ({ text: item.title, embedding: null })),
  );
  return { catalogueVersion: await currentVersion(read), itemIds: items.map(({ id }) => id), vectors };
}

/** Leaves a version whose codes are made of what the items were when the training began. */
async function finishTraining(running: TestProcesses, training: NonNullable<TestProcesses['training']>): Promise<void> {
  running.training = null;
  const { database } = running.opened;
  const { numLevels, codebookSize } = running.fake;
  const checkpointDir = '/shift/1';
  const assigned = await createFakeAssigner(running.fake).assign(checkpointDir, training.vectors, FAKE_DIMS);
  const idLength = numLevels + 1;
  // The token tells all apart as long as there are no more items than tokens; the rest gets its codes with the activation.
  const itemIds = Int32Array.from(training.itemIds.slice(0, codebookSize));
  const table = Int32Array.from({ length: itemIds.length * idLength }, (_, i) => {
    const [row, level] = [Math.floor(i / idLength), i % idLength];
    return level < numLevels ? assigned.codes[row * numLevels + level] : row;
  });
  const job = await storeTrainingJob(database, { catalogueVersion: training.catalogueVersion });
  const request = { config: { tokenizer: { kind: 'rqvae', numLevels, codebookSize } }, dims: FAKE_DIMS, itemIds };
  const result = {
    ...{ checkpointDir, device: 'test', parameterCount: 1, metrics: [] },
    table: { idLength, itemIds, codes: table },
    encoded: { rows: new Int32Array(), keys: [], vectors: new Float32Array() },
  };
  const store = { read: (work) => work(database.read), write: database.write } satisfies ResultStore;
  await storeTrainingResult(store, job, request as unknown as TrainRequest, result as unknown as TrainResult);
}
