import { findActiveVersion } from '../../../src/semantic-ids/active-tokenizer';
import { modelToLoad } from '../../../src/semantic-ids/code-table';
import { atFormerVersion } from '../../../src/semantic-ids/former-codes';
import type { ModelToLoad } from '../../../src/workers/messages';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

describeCatalogue('atFormerVersion', () => {
  const present = async () => modelToLoad(opened.database, (await findActiveVersion(opened.database.read))!);

  /** @returns The semantic IDs of the live items, by item. */
  function liveCodes({ table: { itemIds, codes, idLength }, live }: ModelToLoad): Map<number, string> {
    const rows = [...itemIds.keys()].filter((row) => live[row] === 1);
    return new Map(rows.map((row) => [itemIds[row], codes.slice(row * idLength, (row + 1) * idLength).join('.')]));
  }

  it('gives what was live, with its codes, at each version so far', async () => {
    const { catalogue } = test;
    const [a, b, c] = await add(
      ...['#0.1', '#0.2', '#1.3'].map((codes) => ({ externalId: codes, title: `${codes} x` })),
    );
    const reassign = (itemId: number, codes: number[]) =>
      catalogue.reassignSemanticIds({ assignments: [{ itemId, codes }], dryRun: false });
    const steps = [
      () => Promise.resolve(),
      () => reassign(a.id, [2, 2]),
      () => catalogue.removeItems([b.id]),
      () => add({ externalId: 'new', title: '#0.2 new' }),
      () => catalogue.updateItems([{ itemId: c.id, price: 3 }], false),
      () => reassign(a.id, [3, 1]),
      () => catalogue.updateItems([{ itemId: c.id, title: '#2.1 c' }], true),
      () => catalogue.restoreItems([b.id]),
      () => catalogue.removeItems([a.id, c.id]),
    ];
    const states: { readonly version: number; readonly codes: Map<number, string> }[] = [];
    for (const step of steps) {
      await step();
      const model = await present();
      states.push({ version: model.catalogueVersion, codes: liveCodes(model) });
    }
    expect(new Set(states.map(({ version }) => version)).size).toBe(steps.length);
    for (const { version, codes } of states) {
      const former = await atFormerVersion(opened.database.read, await present(), version);
      expect(former.catalogueVersion).toBe(version);
      expect(liveCodes(former)).toEqual(codes);
    }
  });
});
