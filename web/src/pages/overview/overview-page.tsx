import { Stack, Text } from '@mantine/core';

import { useViewer } from '../../app/use-viewer';
import { sumOf } from '../../components/earnings/earnings';
import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { ProgressLine } from '../../components/training/progress-line';
import { useRunning } from '../../components/training/use-running';
import { LastWeekDocument, type LiveProgressFragment, OverviewDocument } from '../../graphql/graphql';
import { ChangesPanel } from './changes-panel';
import { FailedTraining } from './failed-training';
import { FirstSteps } from './first-steps';
import { KindsPanel } from './kinds-panel';
import classes from './overview-page.module.css';
import { OverviewStats } from './overview-stats';
import { QualityPanel } from './quality-panel';

/** The shop and its model at a glance, and where to go first. */
export function OverviewPage() {
  const [result, reload] = useRenewedQuery({ query: OverviewDocument });
  const [{ data: week }] = useFreshQuery({ query: LastWeekDocument });
  const placements = week?.placements ?? null;
  const { hasKey } = useViewer();
  const trainings = useRunning((_, hasEnded) => hasEnded && reload());
  return (
    <Page title="Overview" lead="The shop, the model that answers, and what goes on now.">
      <FailedTraining />
      <QueryView result={result} what="The overview" lines={10} onRetry={reload}>
        {({ catalogue, unavailable, activeModel, interactionKinds }) => (
          <Stack gap="lg">
            {beginsHere(catalogue, hasKey) && <FirstSteps itemCount={catalogue.itemCount} />}
            <OverviewStats
              catalogue={catalogue}
              unavailable={unavailable.totalCount}
              earnings={placements === null ? null : sumOf(placements.flatMap(({ figures }) => figures))}
              modelNumber={activeModel?.number ?? null}
              preset={activeModel?.preset}
            />
            <div className={classes.columns}>
              <Stack gap="lg">
                <QualityPanel model={activeModel ?? null} />
                {!beginsHere(catalogue, hasKey) && <FirstSteps itemCount={catalogue.itemCount} />}
              </Stack>
              <Stack gap="lg">
                <TrainingPanel trainings={trainings} />
                <ChangesPanel changes={catalogue.recentChanges} />
                <KindsPanel kinds={interactionKinds} />
              </Stack>
            </div>
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

/** Whether what to do first comes first: there is nothing to see yet, or nobody who has been here before. */
function beginsHere({ itemCount }: { readonly itemCount: number }, hasKey: boolean): boolean {
  return itemCount === 0 || !hasKey;
}

function TrainingPanel({ trainings }: { readonly trainings: readonly LiveProgressFragment[] }) {
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
