import type { ModelVersionRecord } from '../../../graphql/model-version/records';
import { modelVersionRecord } from '../../../src/storage/records';
import { activateIfBetter, type ActivateIfBetterParts } from '../../../src/training/activate-if-better';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('activateIfBetter', () => {
  let opened: TestDatabase;
  let trained: number;
  let active: number;
  let holds: number;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    active = await addVersion(1, 'ACTIVE', 0.3);
    holds = 0;
  });

  const row = (id: number) => opened.database.read.modelVersion.findUniqueOrThrow({ where: { id } });
  const record = async (id: number): Promise<ModelVersionRecord> => modelVersionRecord(await row(id));
  const set = (id: number, data: { status: string }) =>
    opened.database.write(({ modelVersion }) => modelVersion.update({ where: { id }, data }));

  async function addVersion(number: number, status: 'ACTIVE' | 'TRAINED', ndcg: number): Promise<number> {
    const { modelVersionId: id } = await storeFakeModel(opened, { number, status });
    const metrics = [
      { name: 'ndcg@10', value: ndcg, low: ndcg - 0.01, high: ndcg + 0.01 },
      { name: 'users', value: 1000, low: null, high: null },
    ];
    await opened.database.write(({ modelVersion }) => modelVersion.update({ where: { id }, data: { metrics } }));
    return id;
  }

  /** The store activates in a transaction that begins with the guard, as the real one does. */
  function activation(changes: Partial<ActivateIfBetterParts['models']> = {}): Promise<string | null> {
    const { database } = opened;
    return activateIfBetter(trained, {
      read: database.read,
      write: (work) => database.write(work),
      hold: async () => void holds++,
      models: {
        rival: async () => ({ activeId: active, version: await record(active) }),
        activate: async (id, guard) => {
          await database.write(async (transaction) => {
            await guard?.(transaction);
            await transaction.modelVersion.updateMany({ where: { status: 'ACTIVE' }, data: { status: 'RETIRED' } });
            await transaction.modelVersion.update({ where: { id }, data: { status: 'ACTIVE' } });
          });
          return { modelVersion: await record(id), userErrors: [] };
        },
        ...changes,
      },
    });
  }

  it('activates a version that is no worse, as the holder of its job', async () => {
    trained = await addVersion(2, 'TRAINED', 0.295);
    expect(await activation()).toBeNull();
    expect((await row(trained)).status).toBe('ACTIVE');
    expect(holds).toBe(1);
  });

  it('rejects a version that is clearly worse, and says why', async () => {
    trained = await addVersion(2, 'TRAINED', 0.2);
    expect(await activation()).toMatch(/^The version is trained, but was not activated: ndcg@10: expected .* 0\.3000/);
    expect([(await row(active)).status, (await row(trained)).status]).toEqual(['ACTIVE', 'REJECTED']);
  });

  it('rejects a version when a better one has become active since it was compared', async () => {
    trained = await addVersion(2, 'TRAINED', 0.35);
    const rival = async () => {
      const compared = { activeId: active, version: await record(active) };
      await set(active, { status: 'RETIRED' });
      await addVersion(3, 'ACTIVE', 0.4);
      return compared;
    };
    expect(await activation({ rival })).toMatch(
      /expected more than 0\.4000 of version 3, which became active meanwhile/,
    );
    expect((await row(trained)).status).toBe('REJECTED');
  });

  it('passes on why the store could not activate it', async () => {
    trained = await addVersion(2, 'TRAINED', 0.35);
    const error = { code: 'UNUSABLE_CHECKPOINT', message: 'damaged', field: [] } as const;
    const activate = async () => ({ modelVersion: null, userErrors: [error] });
    expect(await activation({ activate })).toBe('damaged');
    expect((await row(trained)).status).toBe('TRAINED');
  });

  it('leaves a version alone that somebody has decided on already', async () => {
    trained = await addVersion(2, 'TRAINED', 0.35);
    await set(trained, { status: 'RETIRED' });
    expect(await activation({ rival: () => Promise.reject(new Error('expected no comparison')) })).toBeNull();
    expect((await row(trained)).status).toBe('RETIRED');
  });
});
