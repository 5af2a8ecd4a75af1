import { useMemo } from 'react';
import { useQuery } from 'urql';

import { type Pages, usePages } from '../../components/pages/use-pages';
import { ItemListDocument, type ItemRowFragment, ItemTotalDocument } from '../../graphql/graphql';
import { filterOf, type ItemListState, orderOf } from './item-list-state';

const ROWS_PER_PAGE = 100;

/** @returns The items that the state asks for, and how many they are in all; null until that is known. */
export function useItemList(state: ItemListState): { pages: Pages<ItemRowFragment>; total: number | null } {
  const variables = useMemo(() => ({ filter: filterOf(state), removed: state.show === 'removed' }), [state]);
  const pages = usePages({
    query: ItemListDocument,
    variables: { ...variables, first: ROWS_PER_PAGE, orderBy: orderOf(state) },
    select: (data) => data.items,
  });
  const [{ data, stale }] = useQuery({ query: ItemTotalDocument, variables });
  return { pages, total: stale && data === undefined ? null : (data?.itemCount ?? null) };
}
