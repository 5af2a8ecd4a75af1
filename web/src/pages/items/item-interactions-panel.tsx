import { Anchor, Button, Table, Text } from '@mantine/core';
import { Link } from 'react-router';

import { userPath } from '../../app/paths';
import { formatCount, formatDateTime } from '../../components/format/format';
import { INTERACTION_KINDS } from '../../components/format/interaction-kinds';
import { usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { Failure } from '../../components/states/failure';
import { ItemInteractionsDocument } from '../../graphql/graphql';

interface ItemInteractionsPanelProps {
  readonly externalId: string;
  readonly count: number;
}

/** Who did what with an item, what was recorded last first. */
export function ItemInteractionsPanel({ externalId, count }: ItemInteractionsPanelProps) {
  const { rows, isLoading, error, hasMore, loadMore, reload } = usePages({
    query: ItemInteractionsDocument,
    variables: { externalId, first: 10 },
    select: (data) => data.item?.interactions,
  });
  return (
    <Panel title="Interactions" note={formatCount(count)} isFlush>
      {error && <Failure error={error} title="The interactions could not be loaded" onRetry={reload} />}
      {rows.length === 0 && error === null && (
        <Text size="sm" c="dimmed" p="md">
          {isLoading ? 'Loading…' : 'Nobody has done anything with it so far.'}
        </Text>
      )}
      {rows.length > 0 && (
        <Table verticalSpacing={8} horizontalSpacing="md">
          <Table.Tbody>
            {rows.map(({ kind, occurredAt, user }, index) => (
              // Nothing else tells two equal events apart, and the list only grows at its end.
              <Table.Tr key={index}>
                <Table.Td>
                  <Anchor component={Link} to={userPath(user.externalId)} size="sm">
                    {user.externalId}
                  </Anchor>
                </Table.Td>
                <Table.Td>{INTERACTION_KINDS[kind]}</Table.Td>
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
