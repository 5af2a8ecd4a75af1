import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import { InteractionsPanel } from '../../components/interactions/interactions-panel';
import { itemName } from '../../components/item-list/item-name';
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
          <Anchor component={Link} to={itemPath(item.externalId)} size="sm" c="var(--mantine-color-text)" lineClamp={3}>
            <bdi>{itemName(item)}</bdi>
          </Anchor>
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
