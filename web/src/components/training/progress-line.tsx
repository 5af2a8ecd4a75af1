import { Group, Progress, Stack, Text } from '@mantine/core';

import type { LiveProgressFragment } from '../../graphql/graphql';
import { formatCount, formatDuration, formatMeasure, presetName } from '../format/format';
import { PHASES } from './phases';

export function ProgressLine({ progress }: { readonly progress: LiveProgressFragment }) {
  const { job, phase, step, totalSteps, loss, examplesPerSecond, secondsLeft, waitingFor, warnings } = progress;
  const percent = totalSteps > 0 ? (100 * step) / totalSteps : 0;
  const figures = [
    `${formatCount(step)} of ${formatCount(totalSteps)}`,
    ...(loss == null ? [] : [`loss ${formatMeasure(loss)}`]),
    ...(examplesPerSecond == null ? [] : [`${formatCount(Math.round(examplesPerSecond))} examples a second`]),
    ...(secondsLeft != null && secondsLeft > 0 ? [`${formatDuration(secondsLeft)} left`] : []),
  ];
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          {PHASES[phase]}
        </Text>
        <Text size="xs" c="dimmed">
          preset {presetName(job.preset)}
        </Text>
      </Group>
      <Progress value={percent} aria-label={PHASES[phase]} size="sm" />
      <Text size="xs" c="dimmed" className="numeric">
        {figures.join(' · ')}
      </Text>
      {waitingFor != null && (
        <Text size="sm" role="status">
          It waits: {waitingFor}
        </Text>
      )}
      {warnings.map((warning) => (
        <Text key={warning} size="sm">
          Warning: {warning}
        </Text>
      ))}
    </Stack>
  );
}
