/** Whatever is done to the catalogue in whatever order, the stored counts, the log and the codes stay in step. */
import fc from 'fast-check';

import type { CatalogueServices } from '../../src/catalogue-services';
import { activateFakeModel, createTestCatalogue, emptyTables, type TestCatalogue } from '../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../support/database';
import { recomputedPrefixes, storedPrefixes } from '../support/prefix-counts';

type Step =
  | { readonly kind: 'add'; readonly names: readonly number[]; readonly code: number }
  | { readonly kind: 'remove'; readonly pick: number }
  | { readonly kind: 'update'; readonly pick: number; readonly code: number; readonly reencode: boolean }
  | { readonly kind: 'assign'; readonly picks: readonly number[]; readonly codes: readonly number[] }
  | { readonly kind: 'reencode'; readonly prefix: readonly number[] };

const code = fc.nat(15);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('add' as const),
    names: fc.array(fc.nat(11), { minLength: 1, maxLength: 4 }),
    code,
  }),
  fc.record({ kind: fc.constant('remove' as const), pick: fc.nat(11) }),
  fc.record({ kind: fc.constant('update' as const), pick: fc.nat(11), code, reencode: fc.boolean() }),
  fc.record({
    kind: fc.constant('assign' as const),
    picks: fc.array(fc.nat(11), { minLength: 1, maxLength: 3 }),
    codes: fc.array(fc.nat(4), { minLength: 2, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('reencode' as const), prefix: fc.array(fc.nat(3), { maxLength: 2 }) }),
);

describe('Catalogue', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());

  it('keeps counts, codes and what the listener heard in step through any changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        await emptyTables(opened);
        const { tokenizerId } = await activateFakeModel(opened);
        const test = createTestCatalogue(opened);
        for (const each of steps) await apply(test, each);
        expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
          await recomputedPrefixes(opened.database, tokenizerId),
        );
        expect(heardCodes(test)).toEqual(await liveCodes(test.services, tokenizerId));
        expect(test.commits.map(({ version }) => version)).toEqual(await loggedVersions(test.services));
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

async function apply({ catalogue, services }: TestCatalogue, step: Step): Promise<void> {
  const items = await services.database.read.item.findMany({ orderBy: { id: 'asc' } });
  const idAt = (pick: number) => items[pick % Math.max(1, items.length)]?.id ?? 0;
  const title = (value: number) => `#${value >> 2}.${value & 3}`;
  switch (step.kind) {
    case 'add': {
      const added = step.names.map((name, i) => ({ externalId: `i${name}`, title: title((step.code + i) % 16) }));
      return void (await catalogue.addItems(added, false));
    }
    case 'remove':
      return void (await catalogue.removeItems([idAt(step.pick)]));
    case 'update':
      return void (await catalogue.updateItems([{ itemId: idAt(step.pick), title: title(step.code) }], step.reencode));
    case 'assign': {
      const assignments = step.picks.map((pick) => ({ itemId: idAt(pick), codes: step.codes }));
      return void (await catalogue.reassignSemanticIds({ assignments, dryRun: false }));
    }
    case 'reencode':
      return void (await catalogue.reassignSemanticIds({ prefix: step.prefix, dryRun: false }));
    default:
      step satisfies never;
  }
}

/** The codes that a trie has which only follows the listener. */
function heardCodes({ commits }: TestCatalogue): Record<number, string> {
  const codes: Record<number, string> = {};
  for (const change of commits.flatMap(({ changes }) => changes)) {
    if (change.codes === null) delete codes[change.itemId];
    else codes[change.itemId] = String(change.codes);
  }
  return codes;
}

async function liveCodes({ database }: CatalogueServices, tokenizerId: number): Promise<Record<number, string>> {
  const rows = await database.read.semanticId.findMany({ where: { tokenizerId, item: { removedAt: null } } });
  return Object.fromEntries(rows.map((row) => [row.itemId, String(row.codesKey.split('.').map(Number))]));
}

async function loggedVersions({ database }: CatalogueServices): Promise<number[]> {
  const rows = await database.read.catalogueLog.findMany({ orderBy: { version: 'asc' } });
  return rows.map(({ version }) => version);
}
