import { Stack, Text } from '@mantine/core';

import { Panel } from '../../components/panel/panel';
import { ProgressLine } from '../../components/training/progress-line';
import type { LiveProgressFragment } from '../../graphql/graphql';

/** What trains now, as it goes. */
export function TrainingPanel({ trainings }: { readonly trainings: readonly LiveProgressFragment[] }) {
  return (
    <Panel title="Training now">
      {trainings.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing trains.
        </Text>
      ) : (
        <Stack gap="md">
          {trainings.map((progress) => (
            <ProgressLine key={progress.job.id} progress={progress} />
          ))}
        </Stack>
      )}
    </Panel>
  );
}
