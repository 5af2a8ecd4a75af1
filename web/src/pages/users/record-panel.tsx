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
  // The same for each try of one choice: what was recorded although no answer came is not recorded once more.
  const [eventId, setEventId] = useState(newEventId);
  const [kind, setKind] = useState<InteractionKind>('PURCHASE');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RecordInteractionsDocument, (data) => data.recordInteractions);

  const choose = (chosen: PickedItem | null) => {
    setItem(chosen);
    setEventId(newEventId());
  };
  const record = async () => {
    if (item === null) return;
    const interactions = [{ userExternalId: externalId, itemExternalId: item.externalId, kind, eventId }];
    const outcome = await run({ input: { interactions } });
    setProblems(outcome.problems);
    if (outcome.problems.length > 0) return;
    announce(`Recorded: ${INTERACTION_KINDS[kind].toLowerCase()} “${item.title}”.`);
    choose(null);
    onRecorded();
  };

  return (
    <Panel title="Record an interaction" note="the list at the side follows it">
      <Stack gap="sm">
        <ItemPicker key={item === null ? 'empty' : 'chosen'} label="Item" value={item} onPick={choose} />
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label="What they did"
            size="xs"
            value={kind}
            onChange={(value) => {
              setKind(value as InteractionKind);
              setEventId(newEventId());
            }}
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

/** Over plain HTTP a browser has no `crypto.randomUUID`. */
function newEventId(): string {
  return `console-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')}`;
}
