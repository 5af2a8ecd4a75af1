import { Group, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { GuardedButton } from '../../components/change/guarded-button';
import type { Problem } from '../../components/change/problem';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { INTERACTION_KINDS } from '../../components/format/interaction-kinds';
import { Panel } from '../../components/panel/panel';
import { ItemPicker, type PickedItem } from '../../components/pickers/item-picker';
import { type InteractionKind, RecordInteractionsDocument } from '../../graphql/graphql';

interface RecordPanelProps {
  readonly externalId: string;
  readonly onRecorded: () => void;
}

const KINDS: readonly { value: InteractionKind; label: string }[] = [
  { value: 'PURCHASE', label: 'Bought' },
  { value: 'CART', label: 'Cart' },
  { value: 'VIEW', label: 'Viewed' },
  { value: 'RATING', label: 'Rated' },
];

/** Records something that the user does now. */
export function RecordPanel({ externalId, onRecorded }: RecordPanelProps) {
  const [item, setItem] = useState<PickedItem | null>(null);
  const [kind, setKind] = useState<InteractionKind>('PURCHASE');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RecordInteractionsDocument, (data) => data.recordInteractions);

  const record = async () => {
    if (item === null) return;
    const interactions = [{ userExternalId: externalId, itemExternalId: item.externalId, kind }];
    const outcome = await run({ input: { interactions } });
    setProblems(outcome.problems);
    if (outcome.problems.length > 0) return;
    announce(`Recorded: ${INTERACTION_KINDS[kind].toLowerCase()} “${item.title}”.`);
    setItem(null);
    onRecorded();
  };

  return (
    <Panel title="Record an interaction" note="the list at the side follows it">
      <Stack gap="sm">
        <ItemPicker key={item === null ? 'empty' : 'chosen'} label="Item" value={item} onPick={setItem} />
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label="What they did"
            size="xs"
            value={kind}
            onChange={(value) => setKind(value as InteractionKind)}
            data={[...KINDS]}
          />
          <GuardedButton
            needs="WRITER"
            deed="Recording an interaction"
            disabled={item === null}
            loading={isRunning}
            onClick={() => void record()}
          >
            Record
          </GuardedButton>
        </Group>
        <Problems problems={problems} />
      </Stack>
    </Panel>
  );
}
