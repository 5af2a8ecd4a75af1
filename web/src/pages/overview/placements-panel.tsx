import { Anchor, Table } from '@mantine/core';
import { Link } from 'react-router';

import { sumOf } from '../../components/earnings/earnings';
import { formatCount, formatPrice, formatShare } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { LastWeekQuery } from '../../graphql/graphql';

interface PlacementsPanelProps {
  readonly placements: NonNullable<LastWeekQuery['placements']>;
}

/** What the lists of each place in the shop did in the last week, and the way to change how they are made. */
export function PlacementsPanel({ placements }: PlacementsPanelProps) {
  return (
    <Panel
      title="What lists earn"
      note="in the last 7 days"
      actions={
        <Anchor component={Link} to="/placements" size="sm">
          All figures
        </Anchor>
      }
      isFlush
    >
      <Table aria-label="What lists earn" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Placement</Table.Th>
            <Table.Th ta="end">Lists</Table.Th>
            <Table.Th ta="end">Clicked</Table.Th>
            <Table.Th ta="end">Revenue</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {placements.map(({ name, figures }) => {
            const { lists, clicked, revenue } = sumOf(figures);
            return (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td ta="end" className="numeric">
                  {formatCount(lists)}
                </Table.Td>
                <Table.Td ta="end" className="numeric">
                  {lists === 0 ? '–' : formatShare(clicked / lists)}
                </Table.Td>
                <Table.Td ta="end" className="numeric">
                  {revenue.size === 0
                    ? '–'
                    : [...revenue].map(([currency, total]) => <div key={currency}>{formatPrice(total, currency)}</div>)}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
