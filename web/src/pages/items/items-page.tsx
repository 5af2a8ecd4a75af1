import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';

import { ADD_ITEMS_PATH } from '../../app/paths';
import { useViewer } from '../../app/use-viewer';
import { GuardedButton } from '../../components/change/guarded-button';
import { DataTable } from '../../components/data-table/data-table';
import { CountLine } from '../../components/format/count-line';
import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { StaleNotice } from '../../components/pages/stale-notice';
import { Panel } from '../../components/panel/panel';
import { useUrlState } from '../../components/url-state/use-url-state';
import type { ItemRowFragment } from '../../graphql/graphql';
import { ADDING } from './adding';
import { choiceColumn, ITEM_COLUMNS } from './item-columns';
import { ItemFilters } from './item-filters';
import { filterOf, ITEM_LIST_STATE, type ItemListState, type Sort, sortBy } from './item-list-state';
import { ItemOfId } from './item-of-id';
import { NoItems } from './no-items';
import { RemoveDialog } from './remove-dialog';
import { useChoice } from './use-choice';
import { useItemChanges } from './use-item-changes';
import { useItemList } from './use-item-list';

/** All items of the shop: search, narrow, sort, choose some and remove or restore them. */
export function ItemsPage() {
  const [state, setState] = useUrlState<ItemListState>(ITEM_LIST_STATE);
  const { pages, total, totalError } = useItemList(state);
  const { isAdmin } = useViewer();
  const { chosen, toggle, drop } = useChoice<ItemRowFragment>(JSON.stringify(state));
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
  return (
    <Page
      title="Items"
      lead={<CountLine total={total} one={state.show === 'removed' ? 'removed item' : 'item'} error={totalError} />}
      actions={
        <>
          {items.length > 0 && state.show === 'live' && (
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
        <ItemFilters state={state} onChange={setState} />
        <ItemOfId typed={state.q.trim()} />
        <StaleNotice pages={pages} />
        <DataTable
          label="Items"
          what="The items"
          pages={pages}
          columns={columns}
          keyOf={({ id }) => id}
          total={total}
          sorting={{ column: state.sort, isDescending: state.order === 'desc' }}
          onSort={(column) => setState(sortBy(state, column as Sort))}
          empty={<NoItems isFiltered={filterOf(state) !== undefined} show={state.show} />}
        />
      </Panel>
      <RemoveDialog isOpen={isRemoving} items={items} changes={changes} onClose={() => setIsRemoving(false)} />
    </Page>
  );
}
