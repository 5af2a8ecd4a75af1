import { Table, Text } from '@mantine/core';

import { INTERACTION_KINDS } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { OverviewQuery } from '../../graphql/graphql';

interface KindsPanelProps {
  readonly kinds: OverviewQuery['interactionKinds'];
}

/** What each kind of interaction does in trainings and lists. The server's environment says so. */
export function KindsPanel({ kinds }: KindsPanelProps) {
  return (
    <Panel title="What interactions do" note="set by TIGERQL_KINDS" isFlush>
      <Table aria-label="What interactions do">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>An item that was …</Table.Th>
            <Table.Th>counts</Table.Th>
            <Table.Th>in later lists</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map(({ kind, weight, hidesItem }) => (
            <Table.Tr key={kind}>
              <Table.Td>{INTERACTION_KINDS[kind]}</Table.Td>
              <Table.Td>{weight === 0 ? 'nothing' : weight}</Table.Td>
              <Table.Td>{hidesItem ? 'left out' : 'may come'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" p="md">
        What a user dismissed is left out in any case.
      </Text>
    </Panel>
  );
}
