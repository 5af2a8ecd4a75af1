import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';

import { formatCount } from '../../../components/format/format';
import { plural } from '../../../components/format/plural';
import type { BulkProgress } from './add-in-calls';

interface BulkProgressViewProps {
  readonly progress: BulkProgress;
  readonly onStop: () => void;
}

/** How far a bulk add is, and how it ended. */
export function BulkProgressView({ progress, onStop }: BulkProgressViewProps) {
  const { done, total, added, metCount, refusedCount, isWaiting, stopped, isRunning } = progress;
  if (isRunning) {
    return (
      <Stack gap={6}>
        <Progress value={(100 * done) / Math.max(1, total)} aria-label="Items added" />
        <Group justify="space-between">
          <Text size="sm" role="status">
            {formatCount(done)} of {plural(total, 'item')}
            {isWaiting && ': the server is busy or away, so it goes on in a moment'}
          </Text>
          <Button size="compact-sm" variant="subtle" onClick={onStop}>
            Stop
          </Button>
        </Group>
      </Stack>
    );
  }
  const isFine = stopped === null && refusedCount === 0;
  return (
    <Alert color={isFine ? 'green' : 'yellow'} role="status" title={`${plural(added, 'item')} added`}>
      {isFine && 'Each can be recommended at once. '}
      {metCount > 0 &&
        `${plural(metCount, 'other item')} stood there when a call without an answer was made again: most likely it had added them. `}
      {refusedCount > 0 && `${plural(refusedCount, 'item')} refused; the rows above say why. `}
      {stopped !== null && `It ended early: ${stopped} What was added stays.`}
    </Alert>
  );
}
