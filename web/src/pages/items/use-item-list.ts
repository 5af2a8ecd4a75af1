import { useMemo } from 'react';
import type { CombinedError } from 'urql';

import { type Pages, usePages } from '../../components/pages/use-pages';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { ItemListDocument, type ItemRowFragment, ItemTotalDocument } from '../../graphql/graphql';
import { filterOf, type ItemListState, orderOf } from './item-list-state';

const ROWS_PER_PAGE = 100;

interface ItemList {
  readonly pages: Pages<ItemRowFragment>;
  /** How many they are in all; null until that is known. */
  readonly total: number | null;
  /** Why that is not known. */
  readonly totalError?: CombinedError;
}

/** @returns The items that the state asks for. */
export function useItemList(state: ItemListState): ItemList {
  const variables = useMemo(() => ({ filter: filterOf(state), removed: state.show === 'removed' }), [state]);
  const pages = usePages({
    query: ItemListDocument,
    variables: { ...variables, first: ROWS_PER_PAGE, orderBy: orderOf(state) },
    select: (data) => data.items,
  });
  const [{ data, error }] = useFreshQuery({ query: ItemTotalDocument, variables });
  return { pages, total: data?.itemCount ?? null, totalError: error };
}
