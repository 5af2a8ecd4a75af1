import { Anchor } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { ItemDetailDocument } from '../../graphql/graphql';
import { ItemView } from './item-view';

/** One item: what the shop says of it, and how the model sees it. */
export function ItemPage() {
  const { externalId = '' } = useParams();
  const [result, refetch] = useQuery({ query: ItemDetailDocument, variables: { externalId } });
  const item = result.data?.item;
  const isGone = result.data !== undefined && item == null;
  if (item) return <ItemView key={item.id} item={item} refetch={() => refetch({ requestPolicy: 'network-only' })} />;
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
        <QueryView result={result} what="The item" lines={8} onRetry={refetch}>
          {() => null}
        </QueryView>
      )}
    </Page>
  );
}
