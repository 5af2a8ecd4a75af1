import { Button, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';

import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guard';
import { DataTable } from '../../components/data-table/data-table';
import { presetName } from '../../components/format/format';
import { Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { NotesPanel } from '../../components/training/training-notes';
import { useUrlState } from '../../components/url-state/use-url-state';
import { CancelTrainingDocument, TrainingJobListDocument, type TrainingJobRowFragment } from '../../graphql/graphql';
import { CurvesPanel } from './curves-panel';
import { jobColumns } from './job-columns';
import { RunningPanel } from './running-panel';
import { StartDialog } from './start-dialog';
import { MOST_CURVES, shownJobs, STATUSES, TRAINING_STATE, type TrainingPageState } from './training-state';
import { useTrainingFeed } from './use-training-feed';

const ROWS_PER_PAGE = 100;
const STATUS_CHOICES = [
  { value: 'ALL', label: 'Every status' },
  ...Object.entries(STATUSES).map(([value, { label }]) => ({ value, label })),
];

export function TrainingPage() {
  const [state, setState] = useUrlState<TrainingPageState>(TRAINING_STATE);
  const [stopped, setStopped] = useState<Pick<TrainingJobRowFragment, 'id' | 'preset' | 'status'> | null>(null);
  const [isStarting, setIsStarting] = useState(false);
  const pages = usePages({
    query: TrainingJobListDocument,
    variables: { first: ROWS_PER_PAGE, status: state.status === 'ALL' ? null : state.status },
    select: (data) => data.trainingJobs,
  });
  const feed = useTrainingFeed(pages.reload);
  const newest = feed.running[0]?.job.id ?? pages.rows.find(({ startedAt }) => startedAt != null)?.id;
  const shown = useMemo(() => shownJobs(state.jobs, newest), [state.jobs, newest]);
  const toggle = (id: string) =>
    setState({ jobs: shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id] });
  const begun = pages.rows.filter(({ startedAt }) => startedAt != null).map(({ id }) => id);

  return (
    <Page
      title="Training"
      lead="Each trainer runs one job at a time. Jobs go on when their server is started again."
      actions={
        <GuardedButton needs="ADMIN" deed="Starting a training" onClick={() => setIsStarting(true)}>
          Start a training
        </GuardedButton>
      }
    >
      {feed.running.map((report) => (
        <RunningPanel
          key={report.job.id}
          report={report}
          log={feed.log.filter(({ jobId }) => jobId === report.job.id)}
          onStop={() => setStopped(report.job)}
        />
      ))}
      <NotesPanel ids={shown} />
      {(shown.length > 0 || pages.rows.length > 0) && (
        <CurvesPanel ids={shown} state={state} onChange={setState} feed={feed} />
      )}
      <Panel
        title="Trainings"
        note="tick several to see their curves over each other"
        actions={
          <>
            {(pages.rows.length > 1 || state.jobs !== null) && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => setState({ jobs: state.jobs === null ? begun.slice(0, MOST_CURVES) : null })}
              >
                {state.jobs === null ? 'Tick all' : 'Only the newest'}
              </Button>
            )}
            <NativeSelect
              aria-label="Status"
              size="xs"
              data={STATUS_CHOICES}
              value={state.status}
              onChange={({ currentTarget: { value } }) => setState({ status: value as TrainingPageState['status'] })}
            />
          </>
        }
        isFlush
      >
        <DataTable
          label="Trainings"
          what="The trainings"
          pages={pages}
          columns={jobColumns(shown, { onToggle: toggle, onStop: setStopped })}
          keyOf={({ id }) => id}
          empty={<NoTrainings status={state.status} onAll={() => setState({ status: 'ALL' })} />}
        />
      </Panel>
      <ConfirmChange
        wanted={stopped}
        title="Stop the training?"
        deed="Stop the training"
        document={CancelTrainingDocument}
        select={(data) => data.cancelTraining}
        variables={({ id }) => ({ input: { jobId: id } })}
        onDone={() => {
          announce('The training is stopped.');
          pages.reload();
        }}
        onClose={() => setStopped(null)}
      >
        {({ preset, status }) =>
          `The training with preset ${presetName(preset)} ends without a model. ${
            status === 'QUEUED'
              ? 'It has not begun, so nothing is lost.'
              : 'What it has learnt so far is lost; the active model stays as it is.'
          }`
        }
      </ConfirmChange>
      <StartDialog
        isOpen={isStarting}
        onClose={() => setIsStarting(false)}
        onStarted={(id) => {
          pages.reload();
          setState({ jobs: state.jobs && [id, ...state.jobs].slice(0, MOST_CURVES) });
        }}
      />
    </Page>
  );
}

interface NoTrainingsProps {
  readonly status: TrainingPageState['status'];
  readonly onAll: () => void;
}

function NoTrainings({ status, onAll }: NoTrainingsProps) {
  if (status !== 'ALL') {
    return (
      <EmptyState
        icon="training"
        title={`No training has the status “${STATUSES[status].label}”`}
        action={
          <Button variant="default" onClick={onAll}>
            Show all trainings
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon="training"
      title="Nothing was trained yet"
      text="A training makes a model of the items and of what users did with them."
    />
  );
}
