import { Button } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { CombinedError } from 'urql';

import { ADD_ITEMS_PATH } from '../../app/paths';
import { useViewer } from '../../app/use-viewer';
import { ADDING, GuardedButton } from '../../components/change/guard';
import { DataTable } from '../../components/data-table/data-table';
import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { CountLine, StaleNotice } from '../../components/pages/list-notes';
import { FIRST_PAGE, type Pages, usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { type ChangeUrlState, useUrlState } from '../../components/url-state/use-url-state';
import { ItemListDocument, type ItemRowFragment, ItemTotalDocument } from '../../graphql/graphql';
import { RemoveDialog, useItemChanges } from './item-changes';
import { choiceColumn, ITEM_COLUMNS } from './item-columns';
import { ItemFilters } from './item-filters';
import {
  filterOf,
  isUnsorted,
  ITEM_LIST_STATE,
  type ItemListState,
  orderOf,
  selectionOf,
  type Sort,
  sortBy,
} from './item-list-state';

/** All items of the shop: search, narrow, sort, choose some and remove or restore them. */
export function ItemsPage() {
  const [state, setState] = useUrlState<ItemListState>(ITEM_LIST_STATE);
  const { pages, total, totalError } = useItemList(state, setState);
  const { isAdmin } = useViewer();
  const narrow = (changes: Partial<ItemListState>) => setState({ ...FIRST_PAGE, ...changes });
  const { chosen, toggle, drop } = useChoice<ItemRowFragment>(JSON.stringify({ ...state, ...FIRST_PAGE }));
  const [isRemoving, setIsRemoving] = useState(false);
  const navigate = useNavigate();
  const changes = useItemChanges(() => {
    drop();
    pages.reload();
  });
  const columns = useMemo(
    () => (isAdmin ? [choiceColumn(({ id }) => chosen.has(id), toggle), ...ITEM_COLUMNS] : ITEM_COLUMNS),
    [isAdmin, chosen, toggle],
  );

  const items = [...chosen.values()];
  const isSearch = state.q.trim() !== '';
  const isByRelevance = isSearch && isUnsorted(state);
  return (
    <Page
      title="Items"
      lead={<CountLine total={total} one={state.show === 'removed' ? 'removed item' : 'item'} error={totalError} />}
      actions={
        <>
          {items.length > 0 && state.show !== 'removed' && (
            <Button
              variant="default"
              leftSection={<Icon name="remove" size={16} />}
              onClick={() => setIsRemoving(true)}
            >
              Remove {items.length}
            </Button>
          )}
          {items.length > 0 && state.show === 'removed' && (
            <Button
              variant="default"
              leftSection={<Icon name="restore" size={16} />}
              loading={changes.isRunning}
              onClick={() => void changes.restore(items)}
            >
              Restore {items.length}
            </Button>
          )}
          <GuardedButton
            {...ADDING}
            leftSection={<Icon name="add" size={16} />}
            onClick={() => void navigate(ADD_ITEMS_PATH)}
          >
            Add items
          </GuardedButton>
        </>
      }
    >
      <Panel isFlush>
        <ItemFilters state={state} onChange={narrow} />
        <StaleNotice pages={pages} />
        <DataTable
          label="Items"
          what="The items"
          pages={pages}
          columns={columns}
          keyOf={({ id }) => id}
          sorting={isByRelevance ? undefined : { column: state.sort, isDescending: state.order === 'desc' }}
          onSort={(column) => narrow(sortBy(state, column as Sort))}
          empty={<NoItems isFiltered={isSearch || filterOf(state) !== undefined} show={state.show} />}
        />
      </Panel>
      <RemoveDialog isOpen={isRemoving} items={items} changes={changes} onClose={() => setIsRemoving(false)} />
    </Page>
  );
}

interface NoItemsProps {
  readonly isFiltered: boolean;
  readonly show: ItemListState['show'];
}

/** Why the table is empty, and the way on. */
function NoItems({ isFiltered, show }: NoItemsProps) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No item passes these filters"
        text="All words of a search must be in an item's title, brand, categories or ID, or begin a word there."
        action={
          <Button component={Link} to="/items" variant="default">
            Drop all filters
          </Button>
        }
      />
    );
  }
  if (show === 'removed') {
    return <EmptyState icon="items" title="Nothing was removed" text="Items that you remove are kept here." />;
  }
  return (
    <EmptyState
      icon="items"
      title="The shop has no items"
      text="Add them one by one or from a CSV or JSONL file."
      action={
        <Button component={Link} to={ADD_ITEMS_PATH}>
          Add items
        </Button>
      }
    />
  );
}

const ROWS_PER_PAGE = 100;

interface ItemList {
  readonly pages: Pages<ItemRowFragment>;
  /** How many they are in all; null until that is known. */
  readonly total: number | null;
  readonly totalError?: CombinedError;
}

function useItemList(state: ItemListState, change: ChangeUrlState<ItemListState>): ItemList {
  const variables = useMemo(() => selectionOf(state), [state]);
  const pages = usePages({
    query: ItemListDocument,
    variables: { ...variables, first: ROWS_PER_PAGE, orderBy: orderOf(state) },
    select: (data) => data.items,
    address: [state, (place) => change(place, { push: true })],
  });
  const [{ data, error }] = useFreshQuery({ query: ItemTotalDocument, variables });
  return { pages, total: data?.items.totalCount ?? null, totalError: error };
}

type Chosen<T> = ReadonlyMap<string, T>;

const NOTHING = new Map<string, never>();

interface Choice<T> {
  readonly chosen: Chosen<T>;
  toggle(row: T): void;
  drop(): void;
}

/** Chosen rows of one list. @param list - Names it: of another list nothing is chosen, however it came to be shown. */
function useChoice<T extends { readonly id: string }>(list: string): Choice<T> {
  const [choice, setChoice] = useState<{ readonly list: string; readonly rows: Chosen<T> }>({ list, rows: NOTHING });
  const toggle = useCallback(
    (row: T) =>
      setChoice((before) => {
        const rows = new Map<string, T>(before.list === list ? before.rows : NOTHING);
        if (!rows.delete(row.id)) rows.set(row.id, row);
        return { list, rows };
      }),
    [list],
  );
  const drop = () => setChoice({ list, rows: NOTHING });
  return { chosen: choice.list === list ? choice.rows : NOTHING, toggle, drop };
}
