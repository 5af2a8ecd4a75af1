import { Button, Group, NativeSelect, Skeleton, Slider, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { CurveChart } from '../../components/curves/curve-chart';
import { formatShare } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { Failure } from '../../components/states/failure';
import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import { METRICS, type TrainingPageState } from './training-state';
import { useCurves } from './use-curves';
import type { TrainingFeed } from './use-training-feed';

interface CurvesPanelProps {
  readonly ids: readonly string[];
  readonly state: TrainingPageState;
  readonly onChange: ChangeUrlState<TrainingPageState>;
  readonly feed: TrainingFeed;
}

/** The first metric that a training measures. */
const FIRST_METRIC = 'tokenizer.loss';

export function CurvesPanel({ ids, state, onChange, feed }: CurvesPanelProps) {
  const usual = isBeforeHistories(ids, feed) ? FIRST_METRIC : METRICS[0].value;
  const metric = state.metric === '' ? usual : state.metric;
  const { curves, isLoading, error, reload } = useCurves({ ids, metric, smoothing: state.smooth / 100, feed });
  const choose = (value: string) => onChange({ metric: value });
  const label = METRICS.find(({ value }) => value === metric)?.label ?? metric;
  return (
    <Panel title="Curves" note="drag to enlarge, click twice to see all">
      <Group gap="lg" mb="md" align="flex-end">
        <NativeSelect
          label="Figure"
          data={METRICS.map(({ value, label }) => ({ value, label }))}
          value={metric}
          onChange={({ currentTarget: { value } }) => choose(value)}
        />
        <Stack gap={6} w={200}>
          <Text size="sm" fw={600}>
            Smoothing {formatShare(state.smooth / 100)}
          </Text>
          <Slider
            thumbLabel="Smoothing in percent"
            label={null}
            min={0}
            max={95}
            step={5}
            value={state.smooth}
            onChange={(smooth) => onChange({ smooth })}
          />
        </Stack>
      </Group>
      {error && <Failure error={error} title="The curves could not be loaded" onRetry={reload} />}
      {isLoading && <Skeleton height={320} />}
      {!isLoading && !error && curves.length === 0 && (
        <EmptyState icon="training" title="No points" {...whyEmpty(ids, metric, () => choose(FIRST_METRIC))} />
      )}
      {curves.length > 0 && <CurveChart label={`${label} by step, ${curves.length} curves`} curves={curves} />}
    </Panel>
  );
}

/** Whether all of them learn codebooks or come to them, so that they have no other curve yet. */
function isBeforeHistories(ids: readonly string[], { running }: TrainingFeed): boolean {
  const phases = ids.map((id) => running.find(({ job }) => job.id === id)?.phase ?? 'DONE');
  return phases.length > 0 && phases.every((phase) => ['FEATURES', 'TOKENIZER', 'ASSIGNMENT'].includes(phase));
}

function whyEmpty(ids: readonly string[], metric: string, onFirst: () => void): { text: string; action?: ReactNode } {
  if (ids.length === 0) return { text: 'Choose a training below.' };
  if (metric !== METRICS[0].value) return { text: 'The chosen trainings have not measured this figure so far.' };
  return {
    text: 'The chosen trainings have not begun to learn histories. Codebooks come first.',
    action: (
      <Button variant="default" onClick={onFirst}>
        Loss of the codebooks
      </Button>
    ),
  };
}
