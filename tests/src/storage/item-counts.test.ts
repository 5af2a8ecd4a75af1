import fc from 'fast-check';

import { type Kind, KIND_RULES, KINDS } from '../../../models/data/kinds';
import { DAY_MS } from '../../../models/math/day';
import { weighKinds } from '../../../src/storage/item-counts';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

type Step =
  | {
      readonly deed: 'record';
      readonly user: string;
      readonly item: string;
      readonly kind: Kind;
      readonly hours: number;
    }
  | { readonly deed: 'delete'; readonly event: number }
  | { readonly deed: 'erase'; readonly user: string };

const HOUR_MS = DAY_MS / 24;
const user = fc.constantFrom('ann', 'bob');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ deed: fc.constant('record' as const), user, item: fc.constantFrom('a', 'b'), kind: fc.constantFrom(...KINDS), hours: fc.nat(71) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('delete' as const), event: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('erase' as const), user }) },
);

describeCatalogue('countingChanged', () => {
  const counts = async () =>
    (await opened.database.read.item.findMany({ orderBy: { id: 'asc' } })).map((item) => [
      item.interactionCount,
      item.popularity,
    ]);

  it('keeps the counts of items, a user once a day by the weightiest kind, through every change', async () => {
    await weighKinds(opened.database, KIND_RULES);
    const begin = Date.UTC(2026, 0, 1);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await opened.database.write(({ item }) => item.deleteMany());
        await opened.database.write(({ user }) => user.deleteMany());
        await add({ externalId: 'a' }, { externalId: 'b' });
        let rows: { user: string; item: string; kind: Kind; hours: number; eventId: string }[] = [];
        for (const [n, each] of steps.entries()) {
          if (each.deed === 'record') {
            const event = { ...each, eventId: String(n) };
            rows.push(event);
            const occurredAt = new Date(begin + each.hours * HOUR_MS);
            const names = { userExternalId: each.user, itemExternalId: each.item };
            await test.catalogue.recordInteractions([
              { eventId: event.eventId, kind: each.kind, occurredAt, ...names },
            ]);
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
          const days = new Map<string, number>();
          for (const { user, hours, kind } of own) {
            const day = `${user} ${Math.floor(hours / 24)}`;
            days.set(day, Math.max(days.get(day) ?? 0, 100 * KIND_RULES[kind].weight));
          }
          return [own.length, [...days.values()].reduce((sum, weight) => sum + weight, 0)];
        });
        expect(await counts()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('counts anew by other weights, and leaves the counts alone where these hold already', async () => {
    await add({ externalId: 'a' }, { externalId: 'b' });
    const event = { userExternalId: 'ann', itemExternalId: 'a', occurredAt: new Date(0) };
    const kinds = ['VIEW', 'CART'] as const;
    await test.catalogue.recordInteractions([
      ...kinds.map((kind) => ({ ...event, kind })),
      { ...event, kind: 'VIEW', userExternalId: 'bob' },
    ]);
    await weighKinds(opened.database, KIND_RULES);
    expect(await counts()).toEqual([[3, 60], [0, 0]]); // prettier-ignore
    await weighKinds(opened.database, { ...KIND_RULES, VIEW: { weight: 0, hidesItem: false } });
    expect(await counts()).toEqual([[3, 50], [0, 0]]); // prettier-ignore
    await opened.database.write(({ item }) => item.updateMany({ data: { popularity: 7 } }));
    await weighKinds(opened.database, { ...KIND_RULES, VIEW: { weight: 0, hidesItem: false } });
    expect(await counts()).toEqual([[3, 7], [0, 7]]); // prettier-ignore
  });
});
