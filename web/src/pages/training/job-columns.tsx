import { Anchor, Badge, Checkbox } from '@mantine/core';
import { Link } from 'react-router';

import { modelPath } from '../../app/paths';
import { GuardedButton } from '../../components/change/guard';
import type { Column } from '../../components/data-table/column';
import { Explained } from '../../components/explained-badge/explained-badge';
import { Ago } from '../../components/format/ago';
import { formatDateTime, formatDuration, presetName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { AboveStrongest } from '../../components/quality/above-strongest';
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
      width: 'minmax(48px, 64px)',
      render: ({ id, preset, createdAt }) => (
        <Checkbox
          size="xs"
          aria-label={`Curve of ${presetName(preset)}, ${formatDateTime(createdAt)}`}
          checked={shown.includes(id)}
          disabled={shown.length >= MOST_CURVES && !shown.includes(id)}
          onChange={() => onToggle(id)}
        />
      ),
    },
    { id: 'preset', header: 'Preset', width: 'minmax(60px, 1fr)', render: ({ preset }) => presetName(preset) },
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
      id: 'above',
      header: 'Above counts',
      width: 'minmax(100px, 1fr)',
      isMinor: true,
      render: ({ modelVersion }) => (modelVersion == null ? '–' : <AboveStrongest model={modelVersion} />),
    },
  ];
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
    <Explained label={label} text={notes.join(' · ')} width={360}>
      {badge}
    </Explained>
  );
}
