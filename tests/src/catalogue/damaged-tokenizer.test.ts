import { activateFakeModel, emptyTables } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { DAMAGED_CHECKPOINTS } from '../../support/fake-assigner';
import { type LivingProcess, startProcess } from '../../support/living-process';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

const FAKE = { numLevels: 2, codebookSize: 4 };
const REFUSAL = [expect.objectContaining({ code: 'UNUSABLE_CHECKPOINT' })];

describe('the catalogue while the active tokenizer is damaged', () => {
  const opened = useTestDatabase();
  let tokenizerId: number;
  let server: LivingProcess;
  beforeEach(async () => {
    await emptyTables(opened);
    ({ tokenizerId } = await activateFakeModel(opened, 1, FAKE));
    server = await startProcess(opened, FAKE);
    DAMAGED_CHECKPOINTS.add('/nowhere');
  });
  afterEach(() => DAMAGED_CHECKPOINTS.clear());

  async function add(externalId: string): Promise<number> {
    const added = await server.catalogue.upsertItems([{ externalId, title: `#1.2 ${externalId}` }], true);
    expect(added.userErrors).toEqual([]);
    return added.items[0]!.id;
  }

  it('adds items without codes, and gives them codes when the tokenizer can be read again', async () => {
    const [a, b] = [await add('a'), await add('b')];
    expect([server.live().codes.get(a), server.live().codes.get(b)]).toEqual([null, null]);
    DAMAGED_CHECKPOINTS.clear();
    await server.poll();
    expect(server.live().codes.get(a)).toEqual([1, 2, 0]);
    expect(server.live().codes.get(b)).toEqual([1, 2, 1]);
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
  });

  it('restores items with the codes that they had, and gives codes to those without when it can', async () => {
    DAMAGED_CHECKPOINTS.clear();
    const coded = await add('coded');
    DAMAGED_CHECKPOINTS.add('/nowhere');
    const codeless = await add('codeless');
    expect((await server.catalogue.removeItems([coded, codeless])).userErrors).toEqual([]);
    const restored = await server.catalogue.restoreItems([coded, codeless]);
    expect(restored).toMatchObject({ items: [{ id: coded }, { id: codeless }], userErrors: [] });
    expect([server.live().codes.get(coded), server.live().codes.get(codeless)]).toEqual([[1, 2, 0], null]);
    DAMAGED_CHECKPOINTS.clear();
    await server.poll();
    expect(server.live().codes.get(codeless)).toEqual([1, 2, 1]);
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
  });

  it('gives the codes at the next start too', async () => {
    const a = await add('a');
    DAMAGED_CHECKPOINTS.clear();
    const next = await startProcess(opened, FAKE);
    expect(next.live().codes.get(a)).toEqual([1, 2, 0]);
  });

  it('says why it cannot make new codes, and changes nothing', async () => {
    DAMAGED_CHECKPOINTS.clear();
    const a = await add('a');
    DAMAGED_CHECKPOINTS.add('/nowhere');
    const patch = { itemId: a, title: '#3.3 other' };
    expect(await server.catalogue.updateItems([patch], true)).toMatchObject({ items: [null], userErrors: REFUSAL });
    expect((await server.catalogue.updateItems([{ itemId: a, price: 3 }], false)).userErrors).toEqual([]);
    const all = { assignments: null, itemIds: null, prefix: null, all: true, dryRun: false, ifCatalogueVersion: null };
    expect(await server.catalogue.reassignSemanticIds(all)).toMatchObject({
      catalogueVersion: null,
      userErrors: REFUSAL,
    });
    expect(server.live().codes.get(a)).toEqual([1, 2, 0]);
  });
});
