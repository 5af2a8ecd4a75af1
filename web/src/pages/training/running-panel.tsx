import { Group, Stack, Stepper, Text } from '@mantine/core';

import { GuardedButton } from '../../components/change/guard';
import { formatAgo, formatCount, formatDateTime } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { PHASES, stagesOf } from '../../components/training/phases';
import { ProgressLine } from '../../components/training/progress-line';
import type { LiveProgressFragment } from '../../graphql/graphql';
import classes from './running-panel.module.css';
import type { LogLine } from './use-training-feed';

interface RunningPanelProps {
  readonly report: LiveProgressFragment;
  readonly log: readonly LogLine[];
  readonly onStop: () => void;
}

/** A training that runs now: its phase, how long it needs, what it did so far, and the way to stop it. */
export function RunningPanel({ report, log, onStop }: RunningPanelProps) {
  const { job, phase } = report;
  const { stages, active } = stagesOf(job, phase);
  return (
    <Panel
      title="Training now"
      note={job.startedAt == null ? undefined : `began ${formatAgo(job.startedAt)}`}
      actions={
        <GuardedButton needs="ADMIN" deed="Stopping a training" variant="default" size="xs" onClick={onStop}>
          Stop it
        </GuardedButton>
      }
    >
      <Stack gap="md">
        <Stepper
          active={active}
          classNames={{ steps: classes.phases, step: classes.phase, separator: classes.line }}
          size="xs"
          iconSize={26}
          wrap
          aria-label="Phases"
        >
          {stages.map((stage) => (
            <Stepper.Step key={stage} label={PHASES[stage]} component="div" />
          ))}
        </Stepper>
        <ProgressLine progress={report} />
        <ol aria-label="Log" style={{ margin: 0, paddingInlineStart: 20, fontSize: 'var(--mantine-font-size-xs)' }}>
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
    </Panel>
  );
}
