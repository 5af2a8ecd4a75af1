import type { Loaders } from '../../../graphql/context';
import { createLoaders } from '../../../src/api/loaders';
import { PrefixReads } from '../../../src/semantic-ids/prefix-reads';
import { RequestReads } from '../../../src/storage/request-reads';
import { activateFakeModel, createTestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

describe('createLoaders', () => {
  const opened = useTestDatabase();
  let itemIds: number[];
  let userIds: number[];
  let loaders: Loaders;

  beforeAll(async () => {
    await activateFakeModel(opened);
    const { catalogue } = createTestCatalogue(opened);
    const names = ['a', 'b', 'c'];
    const { items } = await catalogue.upsertItems(
      names.map((externalId) => ({ externalId, title: '#1.1' })),
      true,
    );
    itemIds = items.map((item) => item!.id);
    // Two events at one time: the one recorded later counts as later.
    const events = names.flatMap((itemExternalId, i) => [
      { userExternalId: 'u', itemExternalId, kind: 'PURCHASE' as const, occurredAt: new Date(1000 * (i >> 1)) },
      { userExternalId: 'v', itemExternalId, kind: 'VIEW' as const, occurredAt: new Date(-1000 * i) },
    ]);
    userIds = (await catalogue.recordInteractions(events)).users.map(({ id }) => id);
    await catalogue.removeItems([itemIds[2]]);
  });
  beforeEach(() => {
    loaders = createLoaders({
      client: opened.database.read,
      requestReads: new RequestReads(opened.database.hotPath),
      prefixes: new PrefixReads(opened.database.read),
    });
  });

  it('reads what has no common read a few at a time, and nothing more once nobody waits', async () => {
    const life = new AbortController();
    const own = createLoaders({} as never, life.signal);
    let [running, most, begun] = [0, 0, 0];
    const read = async () => {
      most = Math.max(most, ++running);
      if (++begun === 20) life.abort(new Error('gone'));
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return begun;
    };
    const settled = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => own.inTurn([i], read)));
    expect([most, begun]).toEqual([8, 24]);
    expect(settled.map(({ status }) => status)).toEqual(Array(100).fill('rejected'));
  });

  it('answers in the order of the keys, with null for what is missing', async () => {
    const [a, b, c] = itemIds;
    const items = await Promise.all([b, 999, a].map((id) => loaders.item(id)));
    expect(items.map((item) => item?.externalId ?? null)).toEqual(['b', null, 'a']);
    const ids = await Promise.all([a, c, b, 999].map((id) => loaders.semanticId(id)));
    expect(ids.map((id) => id?.codes ?? null)).toEqual([[1, 1, 0], null, [1, 1, 1], null]);
    const prefixes = await Promise.all([[1], [2], [1, 1], [], [1, 1, 1]].map((codes) => loaders.prefix(codes)));
    expect(prefixes.map((prefix) => prefix?.itemCount ?? null)).toEqual([2, null, 2, 2, 1]);
    expect(await loaders.user(userIds[1])).toEqual({ id: userIds[1], externalId: 'v' });
    expect(await loaders.trainingJob(1)).toBeNull();
    expect((await loaders.modelVersion(1))?.number).toBe(1);
  });

  it('turns the pages of a history, newest first, without gaps or repeats', async () => {
    const [a, b, c] = itemIds;
    const [first, whole] = await Promise.all([
      loaders.history(userIds[0], { first: 2, after: null }),
      loaders.history(userIds[1], { first: 5, after: null }),
    ]);
    expect(first.edges.map(({ node }) => node.itemId)).toEqual([c, b]);
    expect(first.hasNextPage).toBe(true);
    const second = await loaders.history(userIds[0], { first: 2, after: first.edges[1].cursor });
    expect(second.edges.map(({ node }) => node.itemId)).toEqual([a]);
    expect(second.hasNextPage).toBe(false);
    expect(whole.edges.map(({ node }) => node.itemId)).toEqual([a, b, c]);
    expect((await loaders.history(999, { first: 2, after: null })).edges).toEqual([]);
  });

  it("counts each user's interactions", async () => {
    const counts = await Promise.all([userIds[1], 999, userIds[0]].map((id) => loaders.interactionCount(id)));
    expect(counts).toEqual([3, 0, 3]);
  });

  it('fails only the page whose cursor is wrong', async () => {
    const [wrong, right] = await Promise.allSettled([
      loaders.history(userIds[0], { first: 2, after: 'nonsense' }),
      loaders.history(userIds[1], { first: 2, after: null }),
    ]);
    expect([wrong.status, right.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('reads again after clearAll', async () => {
    let reads = 0;
    const read = () => Promise.resolve(++reads);
    expect([await loaders.inTurn(['a'], read), await loaders.inTurn(['a'], read)]).toEqual([1, 1]);
    loaders.clearAll();
    expect(await loaders.inTurn(['a'], read)).toBe(2);
  });
});
