import { Group, Stack, Stepper, Text } from '@mantine/core';
import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guarded-button';
import type { Problem } from '../../components/change/problem';
import { useChange } from '../../components/change/use-change';
import { formatAgo, formatCount, formatDateTime } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { PHASES } from '../../components/training/phases';
import { ProgressLine } from '../../components/training/progress-line';
import { CancelTrainingDocument, type TrainingPhase } from '../../graphql/graphql';
import type { LogLine, Report } from './use-training-feed';

const ORDER = Object.keys(PHASES) as TrainingPhase[];

interface RunningPanelProps {
  readonly report: Report;
  readonly log: readonly LogLine[];
  readonly onCancelled: () => void;
}

/** A training that runs now: its phase, how long it needs, what it did so far, and the way to stop it. */
export function RunningPanel({ report, log, onCancelled }: RunningPanelProps) {
  const { job, phase, examplesPerSecond } = report;
  const [isAsking, setIsAsking] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(CancelTrainingDocument, (data) => data.cancelTraining);
  const cancel = async () => {
    const outcome = await run({ input: { jobId: job.id } });
    setProblems(outcome.problems);
    if (outcome.problems.length > 0) return;
    setIsAsking(false);
    announce('The training is stopped.');
    onCancelled();
  };
  return (
    <Panel
      title="Training now"
      note={job.startedAt == null ? undefined : `began ${formatAgo(job.startedAt)}`}
      actions={
        <GuardedButton
          needs="ADMIN"
          deed="Stopping a training"
          variant="default"
          size="xs"
          onClick={() => setIsAsking(true)}
        >
          Stop it
        </GuardedButton>
      }
    >
      <Stack gap="md">
        <Stepper active={ORDER.indexOf(phase)} size="xs" iconSize={26} wrap aria-label="Phases">
          {ORDER.slice(0, -1).map((name) => (
            <Stepper.Step key={name} label={PHASES[name]} component="div" />
          ))}
        </Stepper>
        <ProgressLine progress={report} />
        {examplesPerSecond != null && (
          <Text size="xs" c="dimmed" className="numeric">
            {formatCount(Math.round(examplesPerSecond))} examples a second
          </Text>
        )}
        <ol aria-label="Log" style={{ margin: 0, paddingInlineStart: 20 }}>
          {log.map(({ phase, at, totalSteps }) => (
            <li key={`${phase} ${at}`}>
              <Group gap="xs" component="span">
                <Text span size="xs" c="dimmed" title={formatDateTime(at)}>
                  <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time>
                </Text>
                <Text span size="xs">
                  {PHASES[phase]}
                  {totalSteps > 1 && `, at most ${formatCount(totalSteps)} steps`}
                </Text>
              </Group>
            </li>
          ))}
        </ol>
      </Stack>
      <ConfirmDialog
        isOpen={isAsking}
        title="Stop the training?"
        deed="Stop the training"
        isRunning={isRunning}
        problems={problems}
        onConfirm={() => void cancel()}
        onClose={() => setIsAsking(false)}
      >
        The training with preset {job.preset} ends without a model. What it has learnt so far is lost; the active model
        stays as it is.
      </ConfirmDialog>
    </Panel>
  );
}
