import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import { formatDateTime } from '../../components/format/format';
import { INTERACTION_KINDS } from '../../components/format/interaction-kinds';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { Failure } from '../../components/states/failure';
import type { UserHistoryQuery } from '../../graphql/graphql';

type Entry = NonNullable<UserHistoryQuery['user']>['history']['nodes'][number];

/** What the user did, newest first. */
export function HistoryPanel({ pages }: { readonly pages: Pages<Entry> }) {
  const { rows, isLoading, error, hasMore, loadMore, reload } = pages;
  return (
    <Panel title="History" note="newest first" isFlush>
      {error && <Failure error={error} title="The history could not be loaded" onRetry={reload} />}
      {rows.length === 0 && error === null && (
        <Text size="sm" c="dimmed" p="md">
          {isLoading ? 'Loading…' : 'Nothing so far.'}
        </Text>
      )}
      {rows.length > 0 && (
        <Table verticalSpacing={8} horizontalSpacing="md">
          <Table.Tbody>
            {rows.map(({ kind, occurredAt, item }, index) => (
              // The same item may come twice at the same time; the list only grows at its end.
              <Table.Tr key={index}>
                <Table.Td>
                  <Anchor component={Link} to={itemPath(item.externalId)} size="sm" c="var(--mantine-color-text)">
                    {item.title}
                  </Anchor>
                  {item.removedAt != null && (
                    <Text span size="xs" c="dimmed">
                      {' '}
                      removed
                    </Text>
                  )}
                </Table.Td>
                <Table.Td c="dimmed">{INTERACTION_KINDS[kind]}</Table.Td>
                <Table.Td ta="end" c="dimmed" className="numeric">
                  {formatDateTime(occurredAt)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {hasMore && (
        <Button variant="subtle" fullWidth radius={0} loading={isLoading} onClick={loadMore}>
          Show more
        </Button>
      )}
    </Panel>
  );
}
