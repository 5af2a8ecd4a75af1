import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../app/paths';
import { Codes } from '../../components/codes/codes';
import { formatCount, formatShare, itemName, plural } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import type { CodebooksQuery } from '../../graphql/graphql';

/** The groups of items that only their collision tokens tell apart. */
export function CollisionsPanel({ collisions }: { readonly collisions: CodebooksQuery['catalogue']['collisions'] }) {
  const { collidingItemCount, rate, largestGroups = [] } = collisions;
  const note = `${plural(collidingItemCount, 'item')}, ${formatShare(rate)} of all`;
  return (
    <Panel title="Collisions" note={note} isFlush>
      {largestGroups.length === 0 ? (
        <EmptyState icon="check" title="No two items share all codes" />
      ) : (
        <Table.ScrollContainer
          minWidth={480}
          scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Collision groups' } }}
        >
          <Table aria-label="Largest groups" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Codes</Table.Th>
                <Table.Th ta="end">Items</Table.Th>
                <Table.Th>Such as</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {largestGroups.map(({ codes, itemCount, items }) => (
                <Table.Tr key={codes.join('.')}>
                  <Table.Td>
                    <Anchor component={Link} to={prefixItemsPath(codes)}>
                      <Codes codes={codes} />
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="end" className="numeric">
                    {formatCount(itemCount)}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed" lineClamp={1} dir="auto">
                      {items.nodes.map(itemName).join(' · ')}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
