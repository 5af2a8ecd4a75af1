/** The built server over HTTP: a list as it was before the history and the catalogue changed. */
import { familyVector } from '../support/little-shop';
import { openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import type { Payload } from '../support/trained-shop';
import { useOpened } from '../support/use-opened';

const USER = 'user-1';

const shop = useOpened(openLivingShop);

async function listOf(asOf?: object): Promise<Payload> {
  const asked = { user: USER, first: 10, asOf };
  const operation = asOf === undefined ? 'recommendations' : 'replay';
  return (await shop.admin.execute(OPERATIONS[operation], asked)).expectData().recommendations;
}

const rankedIn = ({ nodes }: Payload) =>
  nodes.map(({ item, score }: Payload) => ({ item: item.externalId, score: expect.closeTo(score, 4) }));
const itemsIn = ({ nodes }: Payload) => nodes.map(({ item, score }: Payload) => ({ item: item.externalId, score }));

describe('a list of the past', () => {
  it('is the one that the user had before the history, the items and their codes changed', async () => {
    const before = await listOf();
    const time = new Date().toISOString();
    const [first, second] = before.nodes.map(({ item }: Payload) => item);
    await shop.mutate('record-interactions', {
      interactions: [{ eventId: 'later', user: { externalId: USER }, item: { externalId: first.externalId } }],
    });
    await shop.mutate('remove-items', { items: [{ externalId: second.externalId }] });
    await shop.mutate('reassign-semantic-ids', {
      assignments: [{ item: { externalId: before.nodes[2].item.externalId }, codes: [7, 7] }],
    });
    await shop.mutate('upsert-items', {
      items: [{ externalId: 'newcomer', title: 'Newcomer', embedding: familyVector(1, 999) }],
    });
    const now = await listOf();
    expect(now.catalogueVersion).toBeGreaterThan(before.catalogueVersion);
    expect(itemsIn(now)).not.toEqual(rankedIn(before));
    for (const asOf of [{ time }, { catalogueVersion: before.catalogueVersion, time }]) {
      const then = await listOf(asOf);
      expect(itemsIn(then)).toEqual(rankedIn(before));
      expect(then).toMatchObject({
        catalogueVersion: before.catalogueVersion,
        modelVersion: before.modelVersion,
        replayed: { time, notReplayed: expect.arrayContaining([expect.stringContaining('stock')]) },
      });
    }
    expect(itemsIn(await listOf())).toEqual(rankedIn(now)); // the live version is as it was
  });

  it('is refused to others than admins, and of a time before there was anything', async () => {
    const asked = { user: USER, asOf: { time: new Date().toISOString() } };
    expect((await shop.visitor.execute(OPERATIONS.replay, asked)).expectErrors()).toEqual(['FORBIDDEN']);
    const early = { user: USER, asOf: { time: '2020-01-01T00:00:00.000Z' } };
    expect((await shop.admin.execute(OPERATIONS.replay, early)).expectErrors()).toEqual(['BAD_USER_INPUT']);
  });
});

describe('compareVersions', () => {
  it('finds no difference between a version and itself, and counts what its lists have', async () => {
    const asked = { modelVersion: shop.modelVersionId, users: 12, first: 5, seed: 3 };
    const compare = async () =>
      (await shop.admin.execute(OPERATIONS['compare-versions'], asked)).expectData().compareVersions;
    const found = await compare();
    expect(found).toMatchObject({ users: 12, overlap: 1, sameFirst: 1, meanShift: 0, mostChanged: [] });
    expect(found.active).toEqual(found.other);
    expect(found.active.modelVersion.id).toBe(shop.modelVersionId);
    expect(found.active.items).toBeGreaterThanOrEqual(5);
    expect(await compare()).toEqual(found);
    expect((await shop.visitor.execute(OPERATIONS['compare-versions'], asked)).expectErrors()).toEqual(['FORBIDDEN']);
  });
});
