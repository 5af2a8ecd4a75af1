import { Anchor, Badge, Checkbox, ColorSwatch, Group, useComputedColorScheme } from '@mantine/core';
import { Link } from 'react-router';

import { modelPath } from '../../app/paths';
import { curveColor } from '../../app/theme';
import { GuardedButton } from '../../components/change/guard';
import type { Column } from '../../components/data-table/column';
import { Explained } from '../../components/explained-badge/explained-badge';
import { Ago } from '../../components/format/ago';
import { formatDateTime, formatDuration, formatFigure, presetName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { AboveStrongest } from '../../components/quality/above-strongest';
import { toldFigures } from '../../components/quality/quality-figures';
import { notesOf } from '../../components/training/training-notes';
import type { TrainingJobRowFragment } from '../../graphql/graphql';
import { MOST_CURVES, STATUSES } from './training-state';

interface JobActions {
  /** Puts the curve of a job on the chart, or takes it away. */
  onToggle(id: string): void;
  onStop(job: TrainingJobRowFragment): void;
}

/** @param shown - The jobs whose curves are drawn. */
export function jobColumns(
  shown: readonly string[],
  { onToggle, onStop }: JobActions,
): readonly Column<TrainingJobRowFragment>[] {
  return [
    {
      id: 'curve',
      header: 'Curve',
      width: 'minmax(56px, 64px)',
      render: ({ id, preset, createdAt }) => (
        <Group gap={6} wrap="nowrap">
          <Checkbox
            size="xs"
            aria-label={`Curve of ${presetName(preset)}, ${formatDateTime(createdAt)}`}
            checked={shown.includes(id)}
            disabled={shown.length >= MOST_CURVES && !shown.includes(id)}
            onChange={() => onToggle(id)}
          />
          {shown.includes(id) && <CurveColor index={shown.indexOf(id)} />}
        </Group>
      ),
    },
    { id: 'preset', header: 'Preset', width: 'minmax(60px, 1fr)', render: ({ preset }) => presetName(preset) },
    {
      id: 'seed',
      header: 'Seed',
      width: 'minmax(50px, 0.5fr)',
      isNumeric: true,
      isMinor: true,
      render: ({ seed }) => seed,
    },
    { id: 'status', header: 'Status', width: 'minmax(70px, 1fr)', render: (job) => <Status job={job} /> },
    {
      id: 'requested',
      header: 'Requested',
      width: 'minmax(124px, 1fr)',
      isMinor: true,
      render: ({ createdAt }) => <Ago at={createdAt} />,
    },
    {
      id: 'took',
      header: 'Took',
      width: 'minmax(90px, 1fr)',
      isMinor: true,
      render: ({ startedAt, finishedAt }) =>
        startedAt == null || finishedAt == null
          ? '–'
          : formatDuration((new Date(finishedAt).getTime() - new Date(startedAt).getTime()) / 1000),
    },
    {
      id: 'model',
      header: 'Model',
      width: 'minmax(76px, 1fr)',
      render: (job) => <Outcome job={job} onStop={onStop} />,
    },
    {
      id: 'score',
      header: 'NDCG@10',
      width: 'minmax(74px, 0.7fr)',
      isNumeric: true,
      isMinor: true,
      standsBelow: 'model',
      render: (job) => <Score job={job} />,
    },
    {
      id: 'above',
      header: 'Above counts',
      width: 'minmax(100px, 1fr)',
      isMinor: true,
      render: ({ modelVersion }) => (modelVersion == null ? '–' : <AboveStrongest model={modelVersion} />),
    },
  ];
}

function CurveColor({ index }: { readonly index: number }) {
  const scheme = useComputedColorScheme('light');
  return (
    <ColorSwatch className="keeps-colors" size={10} withShadow={false} color={curveColor(index, scheme)} aria-hidden />
  );
}

/** The figure that its version reached on held-out purchases; while it runs, the best on validation data so far. */
function Score({ job: { modelVersion, progress } }: { readonly job: TrainingJobRowFragment }) {
  const { figures } = modelVersion == null ? { figures: progress?.metrics ?? [] } : toldFigures(modelVersion.metrics);
  const score = figures.find(({ name }) => name === (modelVersion == null ? 'validation.ndcg@10' : 'ndcg@10'));
  if (score === undefined) return '–';
  return (
    <span title={modelVersion == null ? 'on validation data' : 'on held-out purchases'}>
      {formatFigure(score.value)}
    </span>
  );
}

/** The version that a job has made; one that waits can be stopped here, one that runs above. */
function Outcome({ job, onStop }: Pick<JobActions, 'onStop'> & { readonly job: TrainingJobRowFragment }) {
  if (job.status === 'QUEUED') {
    return (
      <GuardedButton
        needs="ADMIN"
        deed="Stopping a training"
        variant="default"
        size="compact-xs"
        aria-label={`Stop ${presetName(job.preset)}, which waits`}
        onClick={() => onStop(job)}
      >
        Stop
      </GuardedButton>
    );
  }
  if (job.modelVersion == null) return '–';
  return (
    <Anchor component={Link} to={modelPath(job.modelVersion.number)} size="sm">
      Version {job.modelVersion.number}
    </Anchor>
  );
}

function Status({ job }: { readonly job: TrainingJobRowFragment }) {
  const { label, color } = STATUSES[job.status];
  const notes = notesOf(job);
  const badge = (
    <Badge
      variant="light"
      color={color}
      tt="none"
      fw={550}
      size="sm"
      rightSection={notes.length > 0 && <Icon name="warning" size={11} />}
    >
      {label}
    </Badge>
  );
  if (notes.length === 0) return badge;
  return (
    <Explained label={label} text={notes.join(' · ')}>
      {badge}
    </Explained>
  );
}
