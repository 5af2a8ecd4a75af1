import { Alert, List, Stack, Text } from '@mantine/core';

import { ChosenTrainingsDocument, type TrainingNotesFragment } from '../../graphql/graphql';
import { formatDateTime, presetName } from '../format/format';
import { Icon } from '../icon/icon';
import { useFreshQuery } from '../states/use-fresh-query';

/** @returns What people should know of a training: why it failed or its version is not active, then its warnings. */
export function notesOf({ error, progress }: TrainingNotesFragment): readonly string[] {
  return [...(error == null ? [] : [error]), ...(progress?.warnings ?? [])];
}

export function TrainingNotes({ notes }: { readonly notes: readonly string[] }) {
  if (notes.length === 1) return <Text size="sm">{notes[0]}</Text>;
  return (
    <List size="sm" spacing={4}>
      {notes.map((note) => (
        <List.Item key={note}>{note}</List.Item>
      ))}
    </List>
  );
}

/** Errors and warnings of the chosen trainings. Running ones show theirs in their own panel. */
export function NotesPanel({ ids }: { readonly ids: readonly string[] }) {
  const [{ data }] = useFreshQuery({
    query: ChosenTrainingsDocument,
    variables: { ids: [...ids] },
    pause: ids.length === 0,
  });
  const jobs = (ids.length === 0 ? [] : (data?.nodes ?? [])).flatMap((job) =>
    job && 'status' in job && job.status !== 'RUNNING' && notesOf(job).length > 0 ? [job] : [],
  );
  if (jobs.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="warning" />} title="What to know of the chosen trainings">
      <Stack gap="sm">
        {jobs.map((job) => (
          <div key={job.id}>
            <Text size="xs" mb={2}>
              {presetName(job.preset)}, seed {job.seed}, {formatDateTime(job.createdAt)}
            </Text>
            <TrainingNotes notes={notesOf(job)} />
          </div>
        ))}
      </Stack>
    </Alert>
  );
}
