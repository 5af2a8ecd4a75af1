import type { PlacementDefinition } from '../../../graphql/placement/records';
import { stateRecord } from '../../../src/placements/definition';
import { Placements } from '../../../src/placements/placements';
import { ItemFilters } from '../../../src/recommend/item-filters';
import { RequestReads } from '../../../src/storage/request-reads';
import { createTestCatalogue, emptyTables } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

const HOUR_MS = 3_600_000;

describe('Placements', () => {
  const opened = useTestDatabase();
  let placements: Placements;
  /** Items a, b, c and d; d is removed, and c is out of stock. */
  let ids: number[];
  beforeEach(async () => {
    await emptyTables(opened);
    const { catalogue, popularity } = createTestCatalogue(opened);
    const items = ['a', 'b', 'c', 'd'].map((externalId) => ({
      externalId,
      title: externalId,
      brand: `of ${externalId}`,
    }));
    const soldOut = { ...items[2], availability: 'OUT_OF_STOCK' as const };
    ids = (await catalogue.upsertItems(items.with(2, soldOut), true)).items.map((item) => item!.id);
    await catalogue.removeItems([ids[3]]);
    placements = new Placements({
      database: opened.database,
      filters: new ItemFilters(opened.database.read, popularity),
    });
  });

  const save = (basedOn: number | null, definition: Partial<PlacementDefinition>, name = 'home', isDryRun = false) =>
    placements.save({ name, basedOn, definition: { rules: [], ...definition } }, { savedBy: 'ann', isDryRun });
  const inForce = async (name = 'home') => {
    const row = (await new RequestReads(opened.database.hotPath).placements(['nowhere', name])).get(name);
    return row === undefined ? null : stateRecord(row);
  };
  const pin = (itemId: number, place: number) => ({ action: { pin: { itemId, place } } });

  it('keeps each save as a state, reads the newest, and gives back what was saved', async () => {
    expect(await inForce()).toBeNull();
    const addedAfter = new Date('2026-01-02T03:04:05.000Z');
    const definition = {
      title: 'Home',
      options: { filter: { minPrice: 2, addedAfter, attributes: [{ name: 'colour', in: ['red', 1, true] }] } },
      rules: [{ ...pin(ids[0], 3), until: new Date(Date.now() + HOUR_MS) }],
      fallback: 'POPULAR' as const,
    };
    expect(await save(null, { title: 'First' })).toMatchObject({
      state: { number: 1, savedBy: 'ann' },
      userErrors: [],
    });
    await save(1, definition);
    expect(await inForce()).toMatchObject({ number: 2, savedBy: 'ann', ...definition });
    await save(2, { title: 'Third' });
    const { state } = await placements.restore('home', 2, 'bob');
    expect(state).toMatchObject({ number: 4, savedBy: 'bob', ...definition });
    expect(await inForce()).toEqual(state);
    const page = async (after: string | null) => {
      const { edges, hasNextPage } = await placements.states('home', { first: 3, after });
      return { numbers: edges.map(({ node }) => node.number), hasNextPage, last: edges.at(-1)!.cursor };
    };
    const newest = await page(null);
    expect([newest, await page(newest.last)]).toMatchObject([
      { numbers: [4, 3, 2], hasNextPage: true },
      { numbers: [1], hasNextPage: false },
    ]);
  });

  it('refuses a save on top of another state than the newest, and shows that', async () => {
    await save(null, {});
    const saves = await Promise.all([save(1, { title: 'one' }), save(1, { title: 'two' })]);
    const [first, second] = saves[0].state === null ? saves.toReversed() : saves;
    expect([first.state?.number, first.userErrors]).toEqual([2, []]);
    expect(second).toMatchObject({
      ...{ state: null, inForce: first.state },
      userErrors: [{ code: 'CONFLICT', field: ['basedOn'], message: expect.stringContaining('by ann') }],
    });
    expect((await save(null, {})).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect((await save(7, {}, 'new')).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  });

  it('saves nothing in a dry run, or where something named is not there', async () => {
    expect(await save(null, {}, 'home', true)).toMatchObject({ state: null, inForce: null, userErrors: [] });
    const over = { from: new Date(2_000), until: new Date(1_000) };
    const refused = await save(null, { rules: [pin(9_999, 1), { ...pin(ids[0], 1), ...over }], modelVersionId: 7 });
    expect(refused.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['definition', 'rules', '0', 'action', 'pin', 'item'] },
      { code: 'INVALID', field: ['definition', 'rules', '1', 'until'] },
      { code: 'NOT_FOUND', field: ['definition', 'modelVersion'] },
    ]);
    expect((await save(null, { rules: [pin(ids[0], 1)] }, '*')).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await save(null, { fallback: 'NOTHING' }, '*')).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await placements.restore('home', 1, null)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await placements.names()).toEqual([]);
  });

  it('tells what will not be as it seems, each with its place', async () => {
    const hide = (filter: object) => ({ action: { hide: { filter } } });
    const warned = async (definition: Partial<PlacementDefinition>) =>
      (await placements.warnings('home', { rules: [], ...definition })).map(
        ({ code, field }) => `${code} ${field.join('.')}`,
      );
    const [a, b, c, d] = ids;
    expect(await warned({ rules: [pin(a, 1), pin(b, 2), hide({ brands: ['of c'] })] })).toEqual([
      'ADMITS_NOTHING rules.2.action.hide.filter', // what is out of stock is in no list
    ]);
    expect(await warned({ rules: [pin(c, 1), pin(d, 2)] })).toEqual([
      'ITEM_UNAVAILABLE rules.0.action.pin.item',
      'ITEM_UNAVAILABLE rules.1.action.pin.item',
    ]);
    expect(await warned({ rules: [pin(a, 1), hide({ externalIds: ['a'] })] })).toEqual([
      'PIN_HIDDEN rules.0.action.pin.item',
    ]);
    await save(null, { rules: [hide({ externalIds: ['b'] })] }, '*');
    expect(await warned({ rules: [pin(b, 1)] })).toEqual(['PIN_HIDDEN rules.0.action.pin.item']);
    const [until, later] = [1, 2].map((hours) => new Date(Date.now() + hours * HOUR_MS));
    expect(
      await warned({
        rules: [
          { ...pin(a, 1), until },
          { ...pin(a, 1), from: until },
          { ...pin(a, 1), until: later },
        ],
      }),
    ).toEqual(['SAME_PLACE rules.2.action.pin.place']);
    expect(await warned({ rules: [{ ...hide({ brands: ['of a'] }), until: new Date(1) }] })).toEqual([
      'IS_OVER rules.0.until',
    ]);
    const filter = { attributes: [{ name: 'no such attribute', equals: 'x' }] };
    expect(await warned({ options: { filter } })).toEqual(['LEAVES_NOTHING options.filter']);
    // What is hidden is in no fallback either: the rules are what to change.
    expect(await warned({ options: { filter }, rules: [hide({})] })).toEqual(['LEAVES_NOTHING rules']);
    expect(await warned({ rules: [{ action: { boost: { filter, factor: 2 } } }] })).toEqual([
      'ADMITS_NOTHING rules.0.action.boost.filter',
    ]);
  });

  it('has room for a hundred names', async () => {
    for (let n = 0; n < 100; n++) await save(null, {}, `p${n}`);
    expect((await save(null, {})).userErrors).toMatchObject([{ code: 'TOO_MANY', field: ['name'] }]);
    expect((await save(1, {}, 'p7')).state).toMatchObject({ number: 2 });
  });
});
