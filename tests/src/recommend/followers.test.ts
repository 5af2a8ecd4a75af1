import { DAY_MS } from '../../../models/math/day';
import { importCatalogue, type ImportedInteraction, type ImportedItem } from '../../../src/catalogue/importer';
import { activateFakeModel, emptyTables, storeFakeModel } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { vectorOfCodes } from '../../support/fake-assigner';
import { type LivingProcess, startProcess } from '../../support/living-process';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { idsOf, printedIds } from '../../support/trie-nodes';

const FAKE = { numLevels: 2, codebookSize: 4 };
const EVERYTHING = { allow: null, deny: new Set<number>(), first: 10 };

describe('Followers', () => {
  const opened = useTestDatabase();
  let tokenizerId: number;
  let server: LivingProcess;
  beforeEach(async () => {
    await emptyTables(opened);
    ({ tokenizerId } = await activateFakeModel(opened, 1, FAKE));
    server = await startProcess(opened, FAKE);
  });

  function item(externalId: string, ...codes: number[]): ImportedItem {
    return {
      externalId,
      title: externalId,
      vector: { encoder: 'fake', values: Float32Array.from(vectorOfCodes(...codes)) },
    };
  }

  function purchase(itemExternalId: string, n: number): ImportedInteraction {
    const occurredAt = new Date(n * DAY_MS);
    return { eventId: `${n}`, userExternalId: 'u', itemExternalId, kind: 'PURCHASE', occurredAt };
  }

  it('gives codes to what another process imports, and counts its interactions', async () => {
    const interactions = [purchase('b', 1), purchase('b', 2), purchase('a', 3)];
    await importCatalogue(opened.database, { items: [item('a', 1, 1), item('b', 2, 2)], interactions });
    await server.poll();
    const ids = new Map((await opened.database.read.item.findMany()).map((row) => [row.externalId, row.id]));
    expect([...idsOf(server.live().codes.trie)]).toEqual([
      { itemId: ids.get('a'), codes: [1, 1, 0] },
      { itemId: ids.get('b'), codes: [2, 2, 0] },
    ]);
    expect(server.popularity.top(EVERYTHING)).toEqual([
      { itemId: ids.get('b'), share: 2 / 3 },
      { itemId: ids.get('a'), share: 1 / 3 },
    ]);
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
    expect(server.hub.published('CATALOGUE_CHANGES').map(({ kind }) => kind)).toEqual([
      'ITEMS_ADDED',
      'SEMANTIC_IDS_REASSIGNED',
    ]);
  });

  it('counts what another process has erased no more, also when the counts could not be read at first', async () => {
    const interactions = [purchase('a', 1), { ...purchase('a', 2), userExternalId: 'v' }, purchase('b', 3)];
    await importCatalogue(opened.database, { items: [item('a', 1, 1), item('b', 2, 2)], interactions });
    await server.poll();
    const counts = () => server.popularity.top(EVERYTHING).map(({ share }) => share);
    const totals = async () => [await server.catalogue.userCount(), await server.catalogue.interactionCount()];
    expect([counts(), await totals()]).toEqual([[2 / 3, 1 / 3], [2, 3]]); // prettier-ignore
    const other = await startProcess(opened, FAKE);
    expect((await other.catalogue.eraseUsers(['u'])).erasedInteractions).toBe(2);
    jest.spyOn(server.popularity, 'refreshAll').mockRejectedValueOnce(new Error('no answer'));
    await expect(server.poll()).rejects.toThrow('no answer');
    jest.restoreAllMocks();
    await server.poll();
    for (const { popularity } of [server, other])
      expect(popularity.top(EVERYTHING).map(({ share }) => share)).toEqual([1, 0]);
    expect(await totals()).toEqual([1, 1]);
  });

  it('answers with popular items while it lacks the checkpoint of the active version, and never with the codes of two', async () => {
    const other = await startProcess(opened, FAKE);
    const { modelVersionId } = await storeFakeModel(opened, { number: 2, status: 'TRAINED', checkpointDir: '/shift/1', fake: FAKE }); // prettier-ignore
    server.missing.add('/shift/1');
    await other.catalogue.upsertItems([{ externalId: 'a', title: '#1.1 a' }], true);
    await server.poll();
    const before = server.live();
    await other.models.activate(modelVersionId);
    await other.catalogue.upsertItems([{ externalId: 'b', title: '#1.1 b' }], true);
    await server.poll();
    expect(server.answering()).toBeNull();
    expect(server.lost).toEqual(['model version 2 cannot be loaded: /shift/1: expected a manifest']);
    expect(server.live()).toBe(before);
    expect(server.popularity.top({ allow: null, deny: new Set(), first: 9 })).toHaveLength(2); // it follows all the same
    expect(server.hub.published('ACTIVE_MODEL_CHANGES').map(({ modelVersion }) => modelVersion.id)).toEqual([
      modelVersionId,
    ]);
    await server.version.restore();
    expect(server.version.problem).toMatch(/expected a manifest/);
    server.missing.clear();
    await server.version.restore();
    expect(server.version.problem).toBeNull();
    await server.version.dispose();
    expect(server.answering()).toBe(modelVersionId);
    expect(printedIds(server.live().codes.trie)).toBe(printedIds(other.live().codes.trie));
  });
});
