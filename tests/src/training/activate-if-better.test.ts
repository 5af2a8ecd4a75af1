import type { ModelVersionRecord } from '../../../graphql/model-version/records';
import { modelVersionRecord } from '../../../src/storage/records';
import {
  activateIfBetter,
  type ActivateIfBetterParts,
  whyClearlyWorse,
  whyNotClearlyBetter,
} from '../../../src/training/activate-if-better';
import { emptyTables, storeFakeModel } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

describe('activateIfBetter', () => {
  const opened = useTestDatabase();
  let trained: number;
  let active: number;
  let holds: number;
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
    expect(await activation({ rival })).toMatch(/expected no less than 0\.4000 of the active version 3/);
    expect((await row(trained)).status).toBe('REJECTED');
  });
});

const version = (number: number, value: number, users = 1_000, high: number | null = value + 0.01) => ({
  number,
  metrics: [
    { name: 'users', value: users, low: null, high: null },
    { name: 'ndcg@10', value, low: null, high },
  ],
});
/** One that would replace popular items, which reach so much for the same users. */
const first = (value: number, users = 1_000, popular = 0.08, high = value + 0.01) => ({
  number: 1,
  metrics: [
    ...version(1, value, users, high).metrics,
    { name: 'baseline.popularity.ndcg@10', value: popular, low: null, high: null },
  ],
});
const withoutFigure = { number: 7, metrics: [] };

describe('whyClearlyWorse', () => {
  it('says that the first version is clearly worse than the popular items that it would replace', () => {
    expect(whyClearlyWorse(first(0.06), null)).toBe(
      'ndcg@10: expected no less than 0.0800 of the most popular items, got 0.0600, at most 0.0700 within its interval',
    );
    expect(whyClearlyWorse(first(0.075), null)).toBeNull(); // its interval reaches them
  });

  it.each([
    [4, first(0.5, 4, 0.1)],
    [0, withoutFigure],
  ])('wants five users to judge the first version by, got %i', (users, version) => {
    expect(whyClearlyWorse(version, null)).toContain(`expected at least 5 users to judge it by, got ${users}`);
  });

  /** A version of a shop where a baseline reaches so much. */
  const beside = (number: number, value: number, baselines: Readonly<Record<string, number>>) => ({
    number,
    metrics: [
      ...version(number, value).metrics,
      ...Object.entries(baselines).map(([name, figure]) => ({
        ...{ name: `baseline.${name}.ndcg@10`, value: figure, low: null, high: null },
      })),
    ],
  });
  const live = beside(1, 0.08, { 'item-knn-tuned': 0.05, popularity: 0.01 });

  it('says nothing against a lower figure for users that are harder to please, as among twice as many items', () => {
    expect(whyClearlyWorse(beside(2, 0.05, { 'item-knn-tuned': 0.03, popularity: 0.01 }), live)).toBeNull();
  });

  it('names the figures beside the baseline when both are clearly lower', () => {
    expect(whyClearlyWorse(beside(2, 0.05, { 'item-knn-tuned': 0.05 }), live)).toBe(
      'ndcg@10: expected no less than 0.0800 of the active version 1, got 0.0500, at most 0.0600 within its interval; ' +
        'divided by baseline.item-knn-tuned.ndcg@10: expected no less than 1.6000 of the active version 1, got 1.0000, ' +
        'at most 1.2000 within its interval',
    );
  });

  describe('in a shop of repeats', () => {
    /** Lists without seen items have no figure there, or one of the few users who took something new. */
    const ofRepeats = (number: number, seenKept: number, users: number, baseline = 0.2) => ({
      number,
      metrics: [
        ...version(number, 0.5, 2).metrics,
        ...[
          ['targets.repeated', 0.9],
          ['seen-kept.ndcg@10', seenKept],
          ['seen-kept.users', users],
          ['seen-kept.baseline.item-knn-tuned.ndcg@10', baseline],
        ].map(([name, value]) => ({ name: name as string, value: value as number, low: null, high: null })),
      ],
    });

    it('compares the lists with seen items', () => {
      expect(whyClearlyWorse(ofRepeats(2, 0.3, 500), ofRepeats(1, 0.4, 500))).toBe(
        'seen-kept.ndcg@10: expected no less than 0.4000 of the active version 1, got 0.3000, at most 0.3000 within its interval; ' +
          'divided by seen-kept.baseline.item-knn-tuned.ndcg@10: expected no less than 2.0000 of the active version 1, got 1.5000, ' +
          'at most 1.5000 within its interval',
      );
      expect(whyClearlyWorse(ofRepeats(2, 0.4, 500), ofRepeats(1, 0.3, 500))).toBeNull();
    });

    it.each([
      ['users that are harder to please', ofRepeats(2, 0.3, 500, 0.1), ofRepeats(1, 0.4, 500, 0.2)],
      ['few users', ofRepeats(2, 0.3, 99), ofRepeats(1, 0.4, 500)],
      ['a version from before such lists were measured', ofRepeats(2, 0.3, 500), version(1, 0.5)],
    ])('says nothing of %s', (_, next, live) => {
      expect(whyClearlyWorse(next, live)).toBeNull();
    });
  });

  it.each([
    ['no held-out users', version(2, 0, 0, 0), version(1, 0, 0, 0)],
    ['few of the new version', version(2, 0, 99), version(1, 0.5)],
    ['few of the live version', version(2, 0.05), version(1, 0.5, 12)],
    ['no figure of the live version', version(2, 0.05), withoutFigure],
    ['no figure of the new version', withoutFigure, version(1, 0.5)],
  ])('says nothing where the figures cannot be compared: %s', (_, next, live) => {
    expect(whyClearlyWorse(next, live)).toBeNull();
  });
});

describe('whyNotClearlyBetter', () => {
  const version = (number: number, value: number, users = 1_000, baseline = 0) => ({
    number,
    metrics: [
      { name: 'ndcg@10', value, low: value - 0.01, high: value + 0.01 },
      { name: 'users', value: users, low: null, high: null },
      { name: 'baseline.popularity.ndcg@10', value: baseline, low: null, high: null },
    ],
  });

  it('wants the whole interval above the figure of the active version', () => {
    expect(whyNotClearlyBetter(version(2, 0.07), version(1, 0.05))).toBeNull();
    expect(whyNotClearlyBetter(version(2, 0.055), version(1, 0.05))).toBe(
      'ndcg@10: expected clearly more than 0.0500 of the active version 1, got 0.0550, at least 0.0450 within its interval',
    );
  });

  it('does not take a figure that is higher only because the users are easier to please', () => {
    expect(whyNotClearlyBetter(version(2, 0.07, 1_000, 0.04), version(1, 0.05, 1_000, 0.02))).toMatch(
      /^divided by baseline.popularity.ndcg@10: expected clearly more than 2.5000/,
    );
  });

  it('says that few users tell nothing', () => {
    expect(whyNotClearlyBetter(version(2, 0.9, 99), version(1, 0.05))).toMatch(
      /at least 100 users to judge it by, got 99/,
    );
  });
});
