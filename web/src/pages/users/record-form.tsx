import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core';

import { GuardedButton } from '../../components/change/guarded-button';
import { Problems } from '../../components/change/problems';
import { ItemPicker } from '../../components/pickers/item-picker';
import type { InteractionKind } from '../../graphql/graphql';
import type { Recording } from './use-recording';
import { useUserExists } from './use-user-exists';

interface RecordFormProps {
  readonly recording: Recording;
  /** Whether it asks whose interaction it is. */
  readonly asksForUser?: boolean;
}

const KINDS: readonly { value: InteractionKind; label: string }[] = [
  { value: 'PURCHASE', label: 'Bought' },
  { value: 'CART', label: 'Cart' },
  { value: 'VIEW', label: 'Viewed' },
  { value: 'RATING', label: 'Rated' },
];

/** Records something that a user does now; a user who is unknown so far comes to be with it. */
export function RecordForm({ recording, asksForUser = false }: RecordFormProps) {
  const { draft, change, idFault, problems, isRunning, record } = recording;
  const exists = useUserExists(asksForUser ? draft.userId : '');
  return (
    <Stack gap="sm">
      {asksForUser && (
        <TextInput
          label="User ID"
          description={exists ? 'This user exists: it is added to their history.' : 'The shop’s own key.'}
          value={draft.userId}
          error={draft.userId === '' ? null : idFault}
          onChange={({ currentTarget }) => change({ userId: currentTarget.value })}
          data-autofocus
        />
      )}
      <ItemPicker label="Item" value={draft.item} onPick={(item) => change({ item })} />
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label="What they did"
          size="xs"
          value={draft.kind}
          onChange={(kind) => change({ kind: kind as InteractionKind })}
          data={[...KINDS]}
        />
        <GuardedButton
          needs="WRITER"
          deed="Recording an interaction"
          disabled={draft.item === null || idFault !== null}
          loading={isRunning}
          onClick={() => void record()}
        >
          Record
        </GuardedButton>
      </Group>
      <Problems problems={problems} />
    </Stack>
  );
}
