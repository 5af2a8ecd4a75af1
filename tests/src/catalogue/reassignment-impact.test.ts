import fc from 'fast-check';

import { impactOf } from '../../../src/catalogue/reassignment-impact';
import { findActiveTokenizer } from '../../../src/semantic-ids/active-tokenizer';
import { writeSemanticIds } from '../../../src/semantic-ids/semantic-id-rows';
import { add, opened, test, useCatalogue } from '../../support/catalogue-suite';

type Id = readonly number[];
type IdsByItem = ReadonlyMap<number, Id>;

const code = fc.nat(2);
const semanticId = fc.tuple(code, code, code).map((codes): Id => codes);

const shared = (a: Id, b: Id) => a.findIndex((each, level) => each !== b[level]);

/** The items that share most codes with this one, itself included, by comparing it with every other; none: null. */
function nearest(ids: IdsByItem, itemId: number): number[] | null {
  const own = ids.get(itemId);
  if (own === undefined) return null;
  const others = [...ids].filter(([other]) => other !== itemId).map(([other, id]) => ({ other, n: shared(own, id) }));
  const most = Math.max(0, ...others.map(({ n }) => n));
  if (most === 0) return null;
  return [itemId, ...others.filter(({ n }) => n >= most).map(({ other }) => other)].sort((a, b) => a - b);
}

function collides(ids: IdsByItem, itemId: number): boolean {
  const own = ids.get(itemId);
  return own !== undefined && [...ids].some(([other, id]) => other !== itemId && shared(own, id) === 2);
}

function impactByComparison(before: IdsByItem, after: IdsByItem) {
  const items = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => a - b);
  return {
    collisionsMade: items.filter((itemId) => !collides(before, itemId) && collides(after, itemId)),
    collisionsSolved: items.filter((itemId) => collides(before, itemId) && !collides(after, itemId)),
    similarItemsChanged: items.filter((itemId) => String(nearest(before, itemId)) !== String(nearest(after, itemId))),
  };
}

describe('impactOf', () => {
  useCatalogue();

  it('equals a comparison of every item with every other, before and after', async () => {
    const items = (await add(...Array.from({ length: 7 }, (_, i) => ({ externalId: `${i}` })))).map(({ id }) => id);
    const { database } = opened;
    const tokenizer = (await findActiveTokenizer(database.read))!;
    const ids = fc.uniqueArray(semanticId, { minLength: 14, maxLength: 14, selector: String });
    const fates = fc.array(fc.constantFrom('stays', 'stays', 'moves', 'goes', 'comes'), { minLength: 7, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(ids, fates, async (ids, fates) => {
        const before = new Map(items.flatMap((itemId, i) => (fates[i] === 'comes' ? [] : [[itemId, ids[i]] as const])));
        const changes = items.flatMap((itemId, i) => {
          if (fates[i] === 'stays') return [];
          const after = fates[i] === 'goes' ? null : ids[7 + i];
          return [{ itemId, before: before.get(itemId) ?? null, after }];
        });
        const after = new Map(before);
        for (const change of changes) {
          if (change.after === null) after.delete(change.itemId);
          else after.set(change.itemId, change.after);
        }
        await database.write(async (transaction) => {
          await transaction.semanticId.deleteMany();
          const rows = Array.from(before, ([itemId, codes]) => ({ itemId, codes }));
          await writeSemanticIds(transaction, tokenizer.id, rows);
        });
        const { collisionsMade, collisionsSolved, similarItemsChanged } = await impactOf(
          database.read,
          tokenizer,
          changes,
        );
        const sorted = (found: readonly number[]) => found.toSorted((a, b) => a - b);
        expect({
          collisionsMade: sorted(collisionsMade),
          collisionsSolved: sorted(collisionsSolved),
          similarItemsChanged: sorted(similarItemsChanged),
        }).toEqual(impactByComparison(before, after));
      }),
      { numRuns: 60 },
    );
  });

  it('does not count removed items', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    await test.catalogue.removeItems([b.id]);
    const tokenizer = (await findActiveTokenizer(opened.database.read))!;
    const changes = [{ itemId: a.id, before: [1, 1, 0], after: [2, 2, 1] }];
    expect(await impactOf(opened.database.read, tokenizer, changes)).toEqual({
      collisionsMade: [],
      collisionsSolved: [],
      similarItemsChanged: [],
    });
  });
});
