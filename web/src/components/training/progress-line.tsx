import { Group, Progress, Stack, Text } from '@mantine/core';

import type { LiveProgressFragment } from '../../graphql/graphql';
import { formatCount, formatDuration, formatMeasure, presetName } from '../format/format';
import { PHASES } from './phases';

export function ProgressLine({ progress }: { readonly progress: LiveProgressFragment }) {
  const { job, phase, step, totalSteps, loss, secondsLeft, waitingFor, warnings } = progress;
  const percent = totalSteps > 0 ? (100 * step) / totalSteps : 0;
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
      <Group gap="md">
        <Text size="xs" c="dimmed" className="numeric">
          {formatCount(step)} of {formatCount(totalSteps)}
        </Text>
        {loss != null && (
          <Text size="xs" c="dimmed" className="numeric">
            loss {formatMeasure(loss)}
          </Text>
        )}
        {secondsLeft != null && secondsLeft > 0 && (
          <Text size="xs" c="dimmed" className="numeric">
            {formatDuration(secondsLeft)} left
          </Text>
        )}
      </Group>
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
