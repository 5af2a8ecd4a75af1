import { Group, Table, Text } from '@mantine/core';

import { GuardedButton } from '../../../components/change/guard';
import { Codes } from '../../../components/codes/codes';
import { formatCount, itemName, plural } from '../../../components/format/format';
import { ItemLink } from '../../../components/item-list/item-list';
import { Panel } from '../../../components/panel/panel';
import { Stat, Stats } from '../../../components/stat/stat';
import type { ReassignmentEffectFragment } from '../../../graphql/graphql';
import type { Preview } from './use-reassignment';

interface PreviewPanelProps {
  readonly preview: Preview;
  readonly isRunning: boolean;
  readonly onApply: () => void;
}

export function PreviewPanel({ preview, isRunning, onApply }: PreviewPanelProps) {
  const { changes, changeCount, impact } = preview;
  if (changeCount === 0) {
    return (
      <Panel title="Nothing would change">
        <Text size="sm">The tokenizer gives these items the codes that they have already.</Text>
      </Panel>
    );
  }
  return (
    <Panel
      title={`${plural(changeCount, 'item')} would change`}
      note={`seen on catalogue version ${preview.baseVersion}`}
      actions={
        <GuardedButton needs="ADMIN" deed="Reassigning" size="xs" loading={isRunning} onClick={onApply}>
          Apply to {plural(changeCount, 'item')}
        </GuardedButton>
      }
    >
      {impact && <Impact impact={impact} />}
      <Table.ScrollContainer
        minWidth={480}
        mt="md"
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Before and after' } }}
      >
        <Table aria-label="Changes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Item</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({ item, before, after }) => (
              <Table.Tr key={item.id}>
                <Table.Td>
                  <ItemLink item={item} lines={2} picture={28} c="var(--mantine-color-anchor)" />
                </Table.Td>
                <Table.Td>{before == null ? 'none' : <Codes codes={before} />}</Table.Td>
                <Table.Td>
                  <Codes codes={after} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {changeCount > changes.length && (
        <Text size="xs" c="dimmed">
          {plural(changeCount - changes.length, 'more item')} not shown.
        </Text>
      )}
    </Panel>
  );
}

function Impact({ impact }: { readonly impact: ReassignmentEffectFragment }) {
  const sets = [
    ['Collisions made', impact.collisionsMade],
    ['Collisions solved', impact.collisionsSolved],
    ['Similar items changed', impact.similarItemsChanged],
  ] as const;
  return (
    <Group grow>
      <Stats>
        {sets.map(([label, { count, items }]) => (
          <Stat
            key={label}
            label={label}
            value={formatCount(count)}
            note={<bdi>{items.map(itemName).join(' · ')}</bdi>}
          />
        ))}
      </Stats>
    </Group>
  );
}
