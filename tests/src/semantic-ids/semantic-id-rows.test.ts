import fc from 'fast-check';

import { countPrefixes, writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { add, codesOf, opened, tokenizerId, useCatalogue } from '../../support/catalogue-suite';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

const code = fc.nat(2);
const semanticId = fc.tuple(code, code, code).map((codes): readonly number[] => codes);

describe('countPrefixes', () => {
  useCatalogue();

  it('keeps the counts of all nodes in step with the IDs, through any changes', async () => {
    const items = (await add(...Array.from({ length: 6 }, (_, i) => ({ externalId: `${i}` })))).map(({ id }) => id);
    const { database } = opened;
    /** Each item's ID, null for none; no ID twice. */
    const world = fc
      .tuple(fc.uniqueArray(semanticId, { minLength: 6, maxLength: 6, selector: String }), fc.array(fc.boolean()))
      .map(([ids, isOut]) => ids.map((id, i) => (isOut[i] ? null : id)));
    const present: (readonly number[] | null)[] = [];
    for (const itemId of items) present.push(await codesOf(itemId));
    await fc.assert(
      fc.asyncProperty(world, async (next) => {
        const changes = items.map((itemId, i) => ({ itemId, before: present[i], after: next[i] }));
        await database.write(async (transaction) => {
          await transaction.semanticId.deleteMany();
          const rows = items.flatMap((itemId, i) => (next[i] === null ? [] : [{ itemId, codes: next[i] }]));
          await writeSemanticIds(transaction, tokenizerId, rows);
          await countPrefixes(transaction, tokenizerId, changes);
        });
        present.splice(0, present.length, ...next);
        const expected = await recomputedPrefixes(database, tokenizerId);
        expect(await storedPrefixes(database, tokenizerId)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});
