import { filterOf, ITEM_LIST_STATE, type ItemListState } from '../../../../../web/src/pages/items/item-list-state';

function stateOf(search: string): ItemListState {
  const params = new URLSearchParams(search);
  const entries = Object.entries(ITEM_LIST_STATE).map(([name, value]) => [name, value.read(params.get(name))]);
  return Object.fromEntries(entries) as ItemListState;
}

describe('filterOf', () => {
  it('filters by several brands, also by one with a comma in its name', () => {
    const brands = ['Cup, Ltd', 'Müller'];
    const search = new URLSearchParams({ brands: ITEM_LIST_STATE.brands.write(brands)! }).toString();
    expect(filterOf(stateOf(search))).toEqual({ brands });
  });

  it('lists what was added on the day and later, where the reader lives', () => {
    const filter = filterOf(stateOf('since=2026-11-27'));
    expect(new Date(filter!.addedAfter as string)).toEqual(new Date(2026, 10, 26, 23, 59, 59, 999));
  });

  it.each(['', 'since=0002-11-27', 'since=0202-11-27', 'since=12026-11-27', 'since=2026-13-40', 'since=soon'])(
    'filters by no day that the server does not take: %s',
    (search) => expect(filterOf(stateOf(search))).toBeUndefined(),
  );
});
