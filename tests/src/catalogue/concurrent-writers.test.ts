/** Two writers on one database, as two processes are: each answer names the change that its own call made. */
import type { CatalogueChangeKind } from '../../../graphql/catalogue/types';
import type { ItemRecord } from '../../../graphql/item/records';
import type { Catalogue } from '../../../src/catalogue/catalogue';
import { activateFakeModel, createTestCatalogue, emptyTables } from '../../support/catalogue';
import { describeTwoProcesses } from '../../support/two-processes';

type Answer = { readonly catalogueVersion: number | null };

/** A write of the first writer, and the kind of change that it makes. */
const WRITES: readonly [CatalogueChangeKind, string, (catalogue: Catalogue, item: ItemRecord) => Promise<Answer>][] = [
  ['ITEMS_ADDED', 'upsertItems', (catalogue) => catalogue.upsertItems([{ externalId: 'b', title: '#2.2 b' }], true)],
  ['ITEMS_UPDATED', 'updateItems', (catalogue, { id }) => catalogue.updateItems([{ itemId: id, price: 1 }], false)],
  ['ITEMS_REMOVED', 'removeItems', (catalogue, { id }) => catalogue.removeItems([id])],
  ['SEMANTIC_IDS_REASSIGNED', 'reassignSemanticIds', (catalogue, { id }) => reassign(catalogue, id)],
];

function reassign(catalogue: Catalogue, itemId: number) {
  return catalogue.reassignSemanticIds({ assignments: [{ itemId, codes: [1, 1, 0] }], dryRun: false });
}

describeTwoProcesses('two Catalogues on one database', (two) => {
  beforeEach(async () => {
    await emptyTables(two.opened);
    await activateFakeModel(two.opened);
  });

  /** A writer during each of whose commits the other one commits a change too. */
  async function overtakenWriter(): Promise<{ catalogue: Catalogue; item: ItemRecord; overtake(): void }> {
    const second = createTestCatalogue({ database: two.other }).catalogue;
    let overtakings = 0;
    let isOvertaking = false;
    const foreign = new Set<number>();
    const { catalogue } = createTestCatalogue(two.opened, async ({ version }) => {
      if (!isOvertaking || foreign.has(version)) return;
      const added = await second.upsertItems([{ externalId: `other ${++overtakings}`, title: '#3.3 other' }], true);
      expect(added.userErrors).toEqual([]);
      foreign.add(added.catalogueVersion!);
    });
    const { items } = await catalogue.upsertItems([{ externalId: 'a', title: '#0.0 a' }], true);
    return { catalogue, item: items[0]!, overtake: () => (isOvertaking = true) };
  }

  async function kindOf(version: number | null): Promise<string | undefined> {
    return (await two.opened.database.read.catalogueLog.findUnique({ where: { version: version ?? 0 } }))?.kind;
  }

  it.each(WRITES)('name the %s of %s, when the other commits before the answer', async (kind, _name, write) => {
    const { catalogue, item, overtake } = await overtakenWriter();
    overtake();
    const { catalogueVersion } = await write(catalogue, item);
    const rows = await two.opened.database.read.catalogueLog.findMany({ orderBy: { version: 'desc' }, take: 2 });
    expect(rows.map((row) => row.kind)).toEqual(['ITEMS_ADDED', kind]); // the other's, and its own
    expect(catalogueVersion).toBe(rows[1].version);
  });

  it('name the restoration, when the other commits before the answer', async () => {
    const { catalogue, item, overtake } = await overtakenWriter();
    await catalogue.removeItems([item.id]);
    overtake();
    const { catalogueVersion } = await catalogue.restoreItems([item.id]);
    expect(await kindOf(catalogueVersion)).toBe('ITEMS_RESTORED');
  });

  it('take a reassignment back by the number in its answer', async () => {
    const { catalogue, item, overtake } = await overtakenWriter();
    overtake();
    const { catalogueVersion } = await reassign(catalogue, item.id);
    const undone = await catalogue.undoReassignment(catalogueVersion!, false);
    expect(undone).toMatchObject({
      userErrors: [],
      changes: [{ itemId: item.id, before: [1, 1, 0], after: [0, 0, 0] }],
    });
    expect(await kindOf(undone.catalogueVersion)).toBe('SEMANTIC_IDS_REASSIGNED');
  });
});
