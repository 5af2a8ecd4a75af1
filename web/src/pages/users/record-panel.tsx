import { Group, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { GuardedButton } from '../../components/change/guard';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { INTERACTION_KINDS, itemName } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { ItemPicker } from '../../components/pickers/pickers';
import { type InteractionKind, type ItemNameFragment, RecordInteractionsDocument } from '../../graphql/graphql';

const KINDS: { value: InteractionKind; label: string }[] = [
  { value: 'PURCHASE', label: 'Bought' },
  { value: 'CART', label: 'Cart' },
  { value: 'VIEW', label: 'Viewed' },
  { value: 'LIKE', label: 'Liked' },
  { value: 'RATING', label: 'Rated' },
];

interface RecordPanelProps {
  readonly title: string;
  readonly note?: string;
  readonly externalId: string;
  readonly onRecorded: () => void;
}

/** Records something that a user does now. An unknown user appears with it. */
export function RecordPanel({ title, note, externalId, onRecorded }: RecordPanelProps) {
  const [item, setItem] = useState<ItemNameFragment | null>(null);
  const [kind, setKind] = useState<InteractionKind>('PURCHASE');
  // The same for each try of one choice: an interaction that was recorded without an answer is not recorded again.
  const [eventId, setEventId] = useState(newEventId);
  const { run, isRunning, problems } = useChange(RecordInteractionsDocument, (data) => data.recordInteractions);
  const choose = (chosen: ItemNameFragment | null) => {
    setItem(chosen);
    setEventId(newEventId());
  };

  const record = async () => {
    if (item === null) return;
    const interactions = [{ user: { externalId }, item: { externalId: item.externalId }, kind, eventId }];
    const { payload, problems } = await run({ input: { interactions } });
    if (problems.length > 0) return;
    const isNew = payload?.users[0]?.interactionCount === 1;
    const done = `Recorded: ${INTERACTION_KINDS[kind].toLowerCase()} “${itemName(item)}”.`;
    announce(isNew ? `${done} User ${externalId} is new.` : done);
    choose(null);
    onRecorded();
  };

  return (
    <Panel title={title} note={note}>
      <Stack gap="sm">
        <ItemPicker label="Item" value={item} onPick={choose} />
        <Group justify="space-between" gap="sm">
          <SegmentedControl
            aria-label="What they did"
            size="xs"
            value={kind}
            onChange={(chosen) => {
              setKind(chosen as InteractionKind);
              setEventId(newEventId());
            }}
            data={KINDS}
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
