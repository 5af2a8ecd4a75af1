import { Alert, Stack, Text } from '@mantine/core';

import { formatDateTime } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { notesOf, TrainingNotes } from '../../components/training/training-notes';
import { ChosenTrainingsDocument } from '../../graphql/graphql';

/** What people should know of the chosen trainings, besides those that tell it themselves while they run. */
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
            <Text size="xs" c="dimmed" mb={2}>
              {job.preset}, seed {job.seed}, {formatDateTime(job.createdAt)}
            </Text>
            <TrainingNotes notes={notesOf(job)} />
          </div>
        ))}
      </Stack>
    </Alert>
  );
}
