import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from 'react-router';

import { userPath } from '../../app/paths';
import { ChangeDialog } from '../../components/change/dialog';
import { GuardedButton } from '../../components/change/guard';
import { Problems } from '../../components/change/problems';
import { outdatePages } from '../../components/pages/page-store';
import { Panel } from '../../components/panel/panel';
import { ItemPicker } from '../../components/pickers/pickers';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { type InteractionKind, PickUserByIdDocument } from '../../graphql/graphql';
import { type Recording, useRecording } from './use-recording';

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

const WAIT_MS = 200;

/** @param text - As it is typed. @returns Whether the shop knows a user with this ID. */
function useUserExists(text: string): boolean {
  const [externalId] = useDebouncedValue(text.trim(), WAIT_MS);
  const [{ data }] = useFreshQuery({
    query: PickUserByIdDocument,
    variables: { externalId },
    pause: externalId === '',
  });
  return data?.user != null && externalId === text.trim();
}

interface RecordPanelProps {
  readonly title: string;
  readonly note?: string;
  readonly externalId: string;
  readonly onRecorded: () => void;
}

/** Records something that this user does now. */
export function RecordPanel({ title, note, externalId, onRecorded }: RecordPanelProps) {
  return (
    <Panel title={title} note={note}>
      <RecordForm recording={useRecording(externalId, onRecorded)} />
    </Panel>
  );
}

interface RecordDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Records what any user does, a new one too, and shows that user. */
export function RecordDialog({ isOpen, onClose }: RecordDialogProps) {
  const navigate = useNavigate();
  const recording = useRecording(undefined, (externalId) => {
    outdatePages();
    void navigate(userPath(externalId));
  });
  return (
    <ChangeDialog opened={isOpen} isRunning={recording.isRunning} onClose={onClose} title="Record an interaction">
      <RecordForm recording={recording} asksForUser />
    </ChangeDialog>
  );
}
