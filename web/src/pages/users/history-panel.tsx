import { Text } from '@mantine/core';

import { InteractionsPanel } from '../../components/interactions/interactions-panel';
import { ItemLink } from '../../components/item-list/item-link';
import type { Pages } from '../../components/pages/use-pages';
import type { UserHistoryQuery } from '../../graphql/graphql';

type Entry = NonNullable<UserHistoryQuery['user']>['history']['nodes'][number];

/** What the user did, newest first. */
export function HistoryPanel({ pages }: { readonly pages: Pages<Entry> }) {
  return (
    <InteractionsPanel
      title="History"
      note="newest first"
      pages={pages}
      what="The history"
      empty="Nothing so far."
      renderOther={({ item }) => (
        <>
          <ItemLink item={item} lines={3} />
          {item.removedAt != null && (
            <Text span size="xs" c="dimmed">
              {' '}
              removed
            </Text>
          )}
        </>
      )}
    />
  );
}
