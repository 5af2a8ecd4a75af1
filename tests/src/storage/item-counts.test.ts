import fc from 'fast-check';

import { DAY_MS } from '../../../models/math/day';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

type Step =
  | { readonly deed: 'record'; readonly user: string; readonly item: string; readonly hours: number }
  | { readonly deed: 'delete'; readonly event: number }
  | { readonly deed: 'erase'; readonly user: string };

const HOUR_MS = DAY_MS / 24;
const user = fc.constantFrom('ann', 'bob');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ deed: fc.constant('record' as const), user, item: fc.constantFrom('a', 'b'), hours: fc.nat(71) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('delete' as const), event: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('erase' as const), user }) },
);

describeCatalogue('countingInteractions', () => {
  const counts = async () =>
    (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map((item) => [
      item.interactionCount,
      item.popularity,
    ]);

  it('keeps the counts of items, a user once a day, through every change', async () => {
    const begin = Date.UTC(2026, 0, 1);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await opened.database.write(({ item }) => item.deleteMany());
        await opened.database.write(({ user }) => user.deleteMany());
        await add({ externalId: 'a' }, { externalId: 'b' });
        let rows: { user: string; item: string; hours: number; eventId: string }[] = [];
        for (const [n, each] of steps.entries()) {
          if (each.deed === 'record') {
            const event = { ...each, eventId: String(n) };
            rows.push(event);
            const occurredAt = new Date(begin + each.hours * HOUR_MS);
            const names = { userExternalId: each.user, itemExternalId: each.item };
            await test.catalogue.recordInteractions([{ eventId: event.eventId, kind: 'VIEW', occurredAt, ...names }]);
          } else if (each.deed === 'delete') {
            await test.catalogue.deleteInteractions([{ eventId: String(each.event) }]);
            rows = rows.filter(({ eventId }) => eventId !== String(each.event));
          } else {
            await test.catalogue.eraseUsers([each.user]);
            rows = rows.filter((row) => row.user !== each.user);
          }
        }
        const expected = ['a', 'b'].map((item) => {
          const own = rows.filter((row) => row.item === item);
          return [own.length, new Set(own.map((row) => `${row.user} ${Math.floor(row.hours / 24)}`)).size];
        });
        expect(await counts()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});
