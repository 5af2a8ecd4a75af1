import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { useExternalId } from '../../app/paths';
import { Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { ItemDetailDocument } from '../../graphql/graphql';
import { ItemView } from './item-view';

/** One item: what the shop says of it, and how the model sees it. */
export function ItemPage() {
  const externalId = useExternalId();
  const [result, reload] = useRenewedQuery({ query: ItemDetailDocument, variables: { externalId } });
  const item = result.data?.item;
  if (item) return <ItemView key={item.id} item={item} error={result.error} refetch={reload} />;
  if (result.data === undefined) {
    return (
      <Page title={externalId}>
        <QueryView result={result} what="The item" lines={8} onRetry={reload}>
          {() => null}
        </QueryView>
      </Page>
    );
  }
  return (
    <Page title="No such item">
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
    </Page>
  );
}
