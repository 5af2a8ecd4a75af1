import { presetConfig } from '../../../models/config';
import { itemText } from '../../../models/text/item-text';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import { codesOfKey } from '../../../src/storage/code-keys';
import { readVectors, writeVectors } from '../../../src/storage/item-rows';
import { buildTrainRequest } from '../../../src/training/training-data';
import { type ResultStore, storeMadeVectors, storeTrainingResult } from '../../../src/training/training-results';
import type { TrainRequest, TrainResult } from '../../../src/workers/messages';
import {
  activateFakeModel,
  createTestCatalogue,
  emptyTables,
  storeTrainingJob,
  type TestCatalogue,
} from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

const METRIC = { name: 'ndcg@10', value: 0.5, low: 0.4, high: 0.6 };

describeOnBoth('storeTrainingResult', (opened) => {
  let test: TestCatalogue;
  /** Items with rows 0 to 2. */
  let itemIds: number[];
  beforeEach(async () => {
    await emptyTables(opened);
    test = createTestCatalogue(opened);
    const { items } = await test.catalogue.upsertItems(['a', 'b', 'c'].map((title) => ({ externalId: title, title })), true); // prettier-ignore
    itemIds = items.map((item) => item!.id);
  });

  async function addJob(tokenizerId: number | null = null): Promise<{ job: TrainingJob; request: TrainRequest }> {
    const catalogueVersion = await test.catalogue.version();
    const [config, reuseTokenizer] = [presetConfig('tiny') as object, tokenizerId !== null];
    const job = await storeTrainingJob(opened.database, { config, catalogueVersion, tokenizerId, reuseTokenizer });
    return { job, request: await buildTrainRequest(test.services.database, job, '/jobs/1') };
  }

  function resultOf({ itemIds }: TrainRequest): TrainResult {
    return {
      checkpointDir: 'jobs/1/checkpoint-1',
      device: 'test',
      parameterCount: 12,
      table: { idLength: 3, itemIds, codes: Int32Array.of(1, 2, 0, 1, 2, 1, 3, 0, 0) },
      metrics: [METRIC],
      validations: [],
    };
  }

  const storeOf = (write: ResultStore['write']): ResultStore => ({ read: (work) => work(opened.database.read), write });
  const store = (job: TrainingJob, request: TrainRequest, result: TrainResult) =>
    storeTrainingResult(storeOf(opened.database.write), job, request, result);

  const codesUnder = async (tokenizerId: number) => {
    const rows = await opened.database.read.semanticId.findMany({ where: { tokenizerId }, orderBy: { itemId: 'asc' } });
    return rows.map(({ itemId, codesKey }) => [itemId, codesOfKey(codesKey)]);
  };

  /** @returns Item id and first number of each stored vector. */
  async function vectorsNow(): Promise<number[][]> {
    const stored = await readVectors(opened.database.read, itemIds);
    return itemIds.flatMap((itemId) => (stored.has(itemId) ? [[itemId, stored.get(itemId)!.vector[0]]] : []));
  }

  it('stores a version that is not live, with its tokenizer and the codes of every item', async () => {
    const { job, request } = await addJob();
    const version = await store(job, request, resultOf(request));
    expect(version).toMatchObject({ number: 1, status: 'TRAINED', trainingJobId: job.id, parentId: null });
    expect(version).toMatchObject({ checkpointDir: 'jobs/1/checkpoint-1', device: 'test', metrics: [METRIC] });
    const { tokenizer } = presetConfig('tiny');
    const row = await opened.database.read.tokenizer.findUniqueOrThrow({ where: { id: version.tokenizerId } });
    expect(row).toMatchObject({ kind: tokenizer.kind, numLevels: tokenizer.numLevels, dims: request.dims });
    expect(row).toMatchObject({ codebookSize: tokenizer.codebookSize, collisionSize: tokenizer.codebookSize });
    expect(await codesUnder(row.id)).toEqual([[itemIds[0], [1, 2, 0]], [itemIds[1], [1, 2, 1]], [itemIds[2], [3, 0, 0]]]); // prettier-ignore
    expect(await storedPrefixes(opened.database, row.id)).toEqual(await recomputedPrefixes(opened.database, row.id));
  });

  it('numbers versions, and names the live one as the parent', async () => {
    const { modelVersionId } = await activateFakeModel(opened, 4);
    const { job, request } = await addJob();
    expect(await store(job, request, resultOf(request))).toMatchObject({ number: 5, parentId: modelVersionId });
  });

  it('leaves out items whose text changed while the job ran, and counts no prefix of removed ones', async () => {
    await activateFakeModel(opened);
    const { job, request } = await addJob();
    await test.catalogue.updateItems([{ itemId: itemIds[0], title: 'another' }], true);
    await test.catalogue.removeItems([itemIds[1]]);
    const { tokenizerId } = await store(job, request, resultOf(request));
    expect(await codesUnder(tokenizerId)).toEqual([[itemIds[1], [1, 2, 1]], [itemIds[2], [3, 0, 0]]]); // prettier-ignore
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
    const { catalogueVersion } = await opened.database.read.tokenizer.findUniqueOrThrow({ where: { id: tokenizerId } });
    expect(catalogueVersion).toBe(await test.catalogue.version());
  });

  it('stores no codes under a tokenizer that is reused', async () => {
    const { tokenizerId } = await activateFakeModel(opened);
    const { job, request } = await addJob(tokenizerId);
    expect((await store(job, request, resultOf(request))).tokenizerId).toBe(tokenizerId);
    expect(await codesUnder(tokenizerId)).toEqual([]);
    expect(await opened.database.read.tokenizer.count()).toBe(1);
  });

  it('stores the vectors that were made, except of items that have one or another text by now', async () => {
    const { request } = await addJob();
    const vector = new Float32Array(request.dims).fill(9);
    await opened.database.write(async (transaction) => {
      await transaction.itemVector.deleteMany();
      await writeVectors(transaction, [{ itemId: itemIds[2], encoder: 'given', dims: request.dims, vector }]);
    });
    await test.catalogue.updateItems([{ itemId: itemIds[0], title: 'another' }], false);
    const made = itemIds.map((itemId, i) => ({
      itemId,
      text: itemText({ title: ['a', 'b', 'c'][i] }),
      vector: new Float32Array(request.dims).fill(i),
    }));
    for (let i = 0; i < 2; i++) await opened.database.write((transaction) => storeMadeVectors(transaction, made));
    expect(await vectorsNow()).toEqual([
      [itemIds[1], 1],
      [itemIds[2], 9],
    ]);
  });

  describe('piece by piece', () => {
    class KilledError extends Error {}

    /** Runs each transaction; `before` gets how many have run. */
    const writeAfter =
      (before: (numDone: number) => Promise<void> | void): ResultStore['write'] =>
      async (work) => {
        await before(done++);
        return opened.database.write(work);
      };
    let done: number;
    beforeEach(() => void (done = 0));

    const storePieces = (
      write: ResultStore['write'],
      { job, request }: Awaited<ReturnType<typeof addJob>>,
      checkpointDir = 'jobs/1/checkpoint-1',
    ) => storeTrainingResult(storeOf(write), job, request, { ...resultOf(request), checkpointDir }, 1);
    const codes = () => [[itemIds[0], [1, 2, 0]], [itemIds[1], [1, 2, 1]], [itemIds[2], [3, 0, 0]]]; // prettier-ignore

    async function expectWhole(tokenizerId: number): Promise<void> {
      expect(await codesUnder(tokenizerId)).toEqual(codes());
      const prefixes = await storedPrefixes(opened.database, tokenizerId);
      expect(prefixes).toEqual(await recomputedPrefixes(opened.database, tokenizerId));
    }

    it('stores the same when the answer of each transaction was lost once', async () => {
      const twice: ResultStore['write'] = async (work) => {
        await opened.database.write(work);
        return opened.database.write(work);
      };
      const { tokenizerId } = await storePieces(twice, await addJob());
      await expectWhole(tokenizerId);
      expect(await opened.database.read.tokenizer.count()).toBe(1);
      expect(await opened.database.read.modelVersion.count()).toBe(1);
    });

    it('stores the whole result after an attempt that was killed between any two transactions', async () => {
      const training = await addJob();
      for (let killedAt = 0; ; killedAt++) {
        done = 0;
        const killing = writeAfter((numDone) => {
          if (numDone === killedAt) throw new KilledError();
        });
        const killed = storePieces(killing, training, `jobs/1/checkpoint-${killedAt}`);
        const version = await killed.catch((error: Error) => error);
        expect(await opened.database.read.modelVersion.count()).toBe(version instanceof KilledError ? 0 : 1);
        if (version instanceof KilledError) continue;
        // The tokenizer, three codes, eight prefixes, the version.
        expect(killedAt).toBe(13);
        return expectWhole((version as { tokenizerId: number }).tokenizerId);
      }
    });
  });
});
