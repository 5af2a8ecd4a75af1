import { Popularity } from '../../../src/recommend/popularity';
import { createTestCatalogue, type TestCatalogue } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const DENY_NONE = { allow: null, deny: new Set<number>() };

describe('Popularity', () => {
  let opened: TestDatabase;
  let test: TestCatalogue;
  let ids: Record<string, number>;

  beforeAll(async () => {
    opened = await openTestDatabase();
    test = createTestCatalogue(opened);
    const { items } = await test.catalogue.addItems(
      ['a', 'b', 'c', 'd', 'e'].map((externalId) => ({ externalId, title: externalId })),
      true,
    );
    ids = Object.fromEntries(items.map((item) => [item!.externalId, item!.id]));
    const events = ['b', 'a', 'b', 'c', 'b'].map((itemExternalId, i) => ({
      userExternalId: i < 4 ? 'u' : 'v',
      itemExternalId,
      kind: 'PURCHASE' as const,
      occurredAt: new Date(10_000 * i),
    }));
    events.push({ userExternalId: 'u', itemExternalId: 'd', kind: 'PURCHASE', occurredAt: new Date(1) });
    await test.catalogue.recordInteractions(events);
  });
  afterAll(() => opened.dispose());

  it('ranks by interactions, and of equal items the older first', () => {
    const { popularity } = test;
    expect(popularity.top({ ...DENY_NONE, first: 3 })).toEqual([
      { itemId: ids.b, share: 3 / 6 },
      { itemId: ids.a, share: 1 / 6 },
      { itemId: ids.c, share: 1 / 6 },
    ]);
    const allow = new Set([ids.b, ids.c, ids.e]);
    const some = popularity.top({ allow, deny: new Set([ids.b]), first: 9 });
    expect(some.map(({ itemId }) => itemId)).toEqual([ids.c, ids.e]);
    expect(popularity.coldItems()).toEqual([ids.e]);
  });

  it('has the same counts as a fresh reading of the database after additions, removals and interactions', async () => {
    await test.catalogue.recordInteractions([{ userExternalId: 'w', itemExternalId: 'e', kind: 'VIEW' }]);
    await test.catalogue.removeItems([ids.b]);
    await test.catalogue.recordInteractions([{ userExternalId: 'w', itemExternalId: 'b', kind: 'VIEW' }]);
    await test.catalogue.removeItems([ids.a]);
    await test.catalogue.addItems(
      [
        { externalId: 'a', title: 'again' },
        { externalId: 'f', title: 'f' },
      ],
      true,
    );
    const fresh = new Popularity();
    await fresh.load(opened.database.read);
    const { popularity } = test;
    expect(popularity.top({ ...DENY_NONE, first: 9 })).toEqual(fresh.top({ ...DENY_NONE, first: 9 }));
    expect(popularity.coldItems()).toEqual(fresh.coldItems());
  });

  it('keeps an item cold through its first interactions, until a training has read them', async () => {
    const { popularity } = test;
    const buy = (itemExternalId: string, times: number) =>
      test.catalogue.recordInteractions(
        Array.from({ length: times }, (_, i) => ({
          userExternalId: `x${i}`,
          itemExternalId,
          kind: 'PURCHASE' as const,
        })),
      );
    const [fresh, other] = (
      await test.catalogue.addItems(
        ['fresh', 'other'].map((externalId) => ({ externalId, title: externalId })),
        true,
      )
    ).items.map((item) => item!.id);
    await activateTrainedOn(await lastInteractionId());
    await popularity.follow(opened.database.read, { kind: 'MODEL_ACTIVATED', itemIds: [] });
    const before = popularity.coldItems();
    expect(before).toEqual(expect.arrayContaining([fresh, other]));
    for (const times of [1, 2, 7]) {
      await buy('fresh', times);
      expect(popularity.coldItems()).toEqual(before);
    }
    const restarted = new Popularity();
    await restarted.load(opened.database.read);
    expect(restarted.coldItems()).toEqual(before);
    await activateTrainedOn(await lastInteractionId());
    await popularity.follow(opened.database.read, { kind: 'MODEL_ACTIVATED', itemIds: [] });
    expect(popularity.coldItems()).toEqual(before.filter((itemId) => itemId !== fresh));
  });

  async function lastInteractionId(): Promise<number> {
    return (await opened.database.read.interaction.aggregate({ _max: { id: true } }))._max.id!;
  }

  /** Makes a model live whose training read the interactions up to that one. */
  async function activateTrainedOn(lastInteractionId: number): Promise<void> {
    await opened.database.write(async ({ tokenizer, trainingJob, modelVersion }) => {
      const shape = { numLevels: 2, codebookSize: 8, collisionSize: 8, dims: 4, checkpointDir: '/none' };
      const { id: tokenizerId } = await tokenizer.create({ data: { kind: 'rqvae', ...shape } });
      const { id: trainingJobId } = await trainingJob.create({
        data: {
          ...{ status: 'DONE', preset: 'tiny', config: {}, seed: 1, reuseTokenizer: false, activateWhenBetter: false },
          ...{ lastItemId: 1e9, lastInteractionId, catalogueVersion: 0 },
        },
      });
      await modelVersion.updateMany({ where: { status: 'ACTIVE' }, data: { status: 'RETIRED' } });
      const number = (await modelVersion.count()) + 1;
      await modelVersion.create({
        data: {
          ...{ number, tokenizerId, trainingJobId, checkpointDir: '/none', status: 'ACTIVE', preset: 'tiny' },
          ...{ device: 'test', parameterCount: 1, metrics: [], catalogueVersion: 0 },
        },
      });
    });
  }
});
