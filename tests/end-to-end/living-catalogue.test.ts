/** The built server over HTTP: items are added, removed and get other semantic IDs while it answers requests. */
import fc from 'fast-check';

import type { ItemFilterArgs } from '../../graphql/item/records';
import type { Subscription } from '../support/graphql-client';
import { familyVector, FAMILIES } from '../support/little-shop';
import { CODES, LEVELS, openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import { runSwapLoad } from '../support/swap-load';
import { finishedJob } from '../support/trained-shop';
import { useOpened } from '../support/use-opened';

const shop = useOpened(openLivingShop);

async function query(operation: string, variables: Readonly<Record<string, unknown>> = {}) {
  return (await shop.visitor.execute(OPERATIONS[operation], variables)).expectData();
}

const listOf = async (externalId: string, first: number, filter?: ItemFilterArgs, includeSeen = false) =>
  (await query('recommendations', { user: externalId, first, options: { filter, includeSeen } })).recommendations;

/** The source of an item of a live model: a part of its mixture. */
const BY_MODEL = expect.stringMatching(/^(GENERATED|ITEM_HEAD|EVIDENCE)$/);

/** The socket may open after the first change, so this makes changes until the subscription gets one. */
async function firstEvent(subscription: Subscription, poke: () => Promise<unknown>) {
  let event: Awaited<ReturnType<Subscription['next']>> | null = null;
  void subscription.next().then((result) => (event = result));
  while (event === null) await poke();
  return (event as Awaited<ReturnType<Subscription['next']>>).data;
}

const version = async (): Promise<number> => (await query('catalogue')).catalogue.version;

describe('preview, reassign, browse, undo', () => {
  it('makes the changes of the preview, shows them in the trie, and undoes them', async () => {
    const input = { assignments: [{ item: { externalId: 'item-0' }, codes: [7, 7] }] };
    const preview = await shop.mutate('reassign-semantic-ids', { ...input, dryRun: true });
    const real = await shop.mutate('reassign-semantic-ids', { ...input, ifCatalogueVersion: preview.baseVersion });
    expect(real).toEqual({ ...preview, catalogueVersion: preview.baseVersion + 1 });
    const [{ before, after }] = real.changes;
    const under = async (codes: number[]) => (await query('prefix', { codes })).semanticIdPrefix;
    expect((await under(after)).items.nodes).toMatchObject([{ externalId: 'item-0' }]);
    expect(await under(before)).toBeNull();
    const undone = await shop.mutate('undo-reassignment', { catalogueVersion: real.catalogueVersion });
    expect(undone.changes).toMatchObject([{ before: after, after: before }]);
    expect((await under(before)).items.nodes).toMatchObject([{ externalId: 'item-0' }]);
  });
});

describe('items that users did something with', () => {});

describe('items that are added and removed', () => {
  it('pushes each kind of change to subscribers', async () => {
    const changes = shop.visitor.subscribe(OPERATIONS['catalogue-changes']);
    const activations = shop.visitor.subscribe(OPERATIONS['active-model-changes']);
    let price = 44; // what an item has already is no change
    const touch = () => shop.mutate('update-items', { items: [{ item: { externalId: 'item-3' }, price: price++ }] });
    const activate = () => shop.mutate('activate-model-version', { modelVersionId: shop.modelVersionId });
    await firstEvent(changes, touch);
    expect((await firstEvent(activations, activate)).activeModelChanges.modelVersion).toMatchObject({
      status: 'ACTIVE',
    });
    const { items } = await shop.mutate('upsert-items', {
      items: [{ externalId: 'visitor', title: 'Visitor', embedding: familyVector(1, 77) }],
    });
    const [item] = items.map(({ id }: { id: string }) => ({ id }));
    await shop.mutate('update-items', { items: [{ item, title: 'Guest' }] });
    await shop.mutate('remove-items', { items: [item] });
    await shop.mutate('restore-items', { items: [item] });
    await shop.mutate('reassign-semantic-ids', { assignments: [{ item, codes: [6, 6] }] });
    const last = await version();
    const events: { version: number; kind: string; itemCount: number }[] = [];
    while (events.at(-1)?.version !== last) events.push((await changes.next()).data.catalogueChanges);
    expect(events.slice(-5).map(({ kind }) => kind)).toEqual([
      ...['ITEMS_ADDED', 'ITEMS_UPDATED', 'ITEMS_REMOVED', 'ITEMS_RESTORED', 'SEMANTIC_IDS_REASSIGNED'],
    ]);
    expect(events.slice(-5).map(({ itemCount }) => itemCount)).toEqual([1, 1, 1, 1, 1]);
    expect(events.map(({ kind }) => kind)).toContain('MODEL_ACTIVATED');
    await Promise.all([changes.dispose(), activations.dispose()]);
  });

  it('does not recommend a removed item, and recommends it again with its former codes after it is restored', async () => {
    const only = { externalIds: ['item-4'] };
    const [before] = (await listOf('user-1', 1, only, true)).nodes;
    await shop.mutate('remove-items', { items: [{ id: before.item.id }] });
    expect(await listOf('user-1', 1, only, true)).toMatchObject({ nodes: [], reason: 'FILTER_ADMITS_NOTHING' });
    const twice = await shop.mutate('remove-items', { items: [{ id: before.item.id }] });
    expect(twice.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['items', '0'] }]);
    await shop.mutate('restore-items', { items: [{ id: before.item.id }] });
    expect((await listOf('user-1', 1, only, true)).nodes).toMatchObject([{ item: before.item, source: BY_MODEL }]);
  });
});

describe('filters', () => {
  const filter: fc.Arbitrary<ItemFilterArgs> = fc.record(
    {
      categories: fc.subarray(
        Array.from({ length: FAMILIES }, (_, family) => `family ${family}`),
        { minLength: 1 },
      ),
      minPrice: fc.nat(40),
      maxPrice: fc.integer({ min: 10, max: 50 }),
      excludeExternalIds: fc.subarray(['item-1', 'item-2', 'item-3', 'item-6', 'item-7']),
      semanticIdPrefix: fc.tuple(fc.nat(CODES - 1)),
    },
    { requiredKeys: [] },
  );

  it('fill the list with the items that pass when there are enough, and say so when none passes', async () => {
    await fc.assert(
      fc.asyncProperty(filter, fc.integer({ min: 1, max: 20 }), async (filter, first) => {
        const { items } = await query('items', { first: 100, filter });
        const passing = new Set(items.edges.map(({ node }: { node: { externalId: string } }) => node.externalId));
        const { nodes, reason } = await listOf('user-3', first, filter, true);
        const listed = nodes.map((node: { item: { externalId: string } }) => node.item.externalId);
        expect(listed).toHaveLength(Math.min(first, passing.size));
        expect(new Set(listed).size).toBe(listed.length);
        expect(listed.filter((externalId: string) => !passing.has(externalId))).toEqual([]);
        expect(nodes.every(({ source }: { source: string }) => source !== 'POPULARITY')).toBe(true);
        expect(reason === 'FILTER_ADMITS_NOTHING').toBe(passing.size === 0);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

let secondVersionId: string;

describe('while a model is being trained', () => {
  it('accepts changes, and the finished version has them', async () => {
    const gone = shop.itemIds.get('item-8')!;
    const moved = shop.itemIds.get('item-9')!;
    await shop.visitor.execute('{ __typename }');
    const progress = shop.visitor.subscribe('subscription { trainingProgress { job { status } } }');
    const { job } = await shop.mutate('start-training', { preset: 'TINY', seed: 3, activateWhenBetter: false });
    let status: string;
    do status = (await progress.next()).data.trainingProgress.job.status;
    while (status === 'QUEUED');
    await shop.mutate('remove-items', { items: [{ id: gone }] });
    await shop.mutate('reassign-semantic-ids', { assignments: [{ item: { id: moved }, codes: [5, 5] }] });
    const item = { externalId: 'late', title: 'Late', categories: ['late'], embedding: familyVector(3, 42) };
    expect((await shop.mutate('upsert-items', { items: [item] })).userErrors).toEqual([]);
    const { modelVersion } = await finishedJob(shop.admin, job.id);
    await progress.dispose();
    secondVersionId = modelVersion.id;
    const activated = await shop.mutate('activate-model-version', { modelVersionId: secondVersionId });
    expect(activated.userErrors).toEqual([]);
    expect((await listOf('user-3', 1, { externalIds: ['late'] })).nodes).toMatchObject([{ source: 'GENERATED' }]);
    expect((await listOf('user-3', 1, { externalIds: ['item-8'] }, true)).nodes).toEqual([]);
    const { catalogue } = await query('catalogue');
    expect(catalogue.tokenizedItemCount).toBe(catalogue.itemCount);
    await shop.mutate('activate-model-version', { modelVersionId: shop.modelVersionId });
    const { semanticIdPrefix } = await query('prefix', { codes: [5, 5] });
    expect(semanticIdPrefix.items.nodes.map((node: { externalId: string }) => node.externalId)).toContain('item-9');
    await shop.mutate('restore-items', { items: [{ id: gone }] });
  }, 120_000);
});

describe('activations and reassignments under load', () => {
  it('make no request fail, and no list mixes two versions', async () => {
    const { admin, visitor, databaseUrl } = shop;
    const report = await runSwapLoad({
      ...{ admin, visitor, databaseUrl },
      modelVersionIds: [shop.modelVersionId, secondVersionId],
      itemIds: [...shop.itemIds.values()],
      userIds: Array.from({ length: 40 }, (_, user) => `user-${user}`),
      activations: 4,
      reassignments: 30,
      clients: 4,
      codebookSize: CODES,
      numLevels: LEVELS,
    });
    expect(report.failures).toEqual([]);
    expect(report.mixed).toEqual([]);
    expect(report.lists).toBeGreaterThan(20);
    expect(report.versions).toBeGreaterThan(10);
  }, 120_000);
});
