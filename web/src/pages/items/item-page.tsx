import { Anchor } from '@mantine/core';
import { useRef } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import { useQuery } from 'urql';

import { Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useExternalId } from '../../components/url-state/use-external-id';
import { ItemDetailDocument } from '../../graphql/graphql';
import { ItemView } from './item-view';

/** `/items/add` was the page that adds items, and may still be among somebody's bookmarks. */
const FORMER_ADD_PAGE = 'add';

/** One item: what the shop says of it, and how the model sees it. */
export function ItemPage() {
  const externalId = useExternalId();
  const [result, refetch] = useQuery({ query: ItemDetailDocument, variables: { externalId } });
  const { search } = useLocation();
  const item = result.data?.item;
  // While it cannot be loaded anew it stays on the screen, and with it what somebody types into its dialog.
  const last = useRef(item);
  if (item) last.current = item;
  const isGone = result.data !== undefined && item == null && !result.error;
  const shown = item ?? (!isGone && last.current?.externalId === externalId ? last.current : null);
  if (shown) return <ItemView key={shown.id} item={shown} refetch={() => refetch({ requestPolicy: 'network-only' })} />;
  if (isGone && externalId === FORMER_ADD_PAGE) return <Navigate to={`/add-items${search}`} replace />;
  return (
    <Page title={isGone ? 'No such item' : externalId}>
      {isGone ? (
        <EmptyState
          icon="items"
          title={`No item has the ID ${externalId}`}
          text="IDs are the shop's own keys, and upper and lower case differ."
          action={
            <Anchor component={Link} to="/items">
              Look through all items
            </Anchor>
          }
        />
      ) : (
        <QueryView result={{ ...result, data: undefined }} what="The item" lines={8} onRetry={refetch}>
          {() => null}
        </QueryView>
      )}
    </Page>
  );
}
