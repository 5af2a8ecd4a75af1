import { Stack, Text } from '@mantine/core';

import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { QueryView } from '../../components/states/query-view';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { ProgressLine } from '../../components/training/progress-line';
import { useRunning } from '../../components/training/use-running';
import { type LiveProgressFragment, OverviewDocument } from '../../graphql/graphql';
import { ChangesPanel } from './changes-panel';
import { FirstSteps } from './first-steps';
import { KindsPanel } from './kinds-panel';
import classes from './overview-page.module.css';
import { OverviewStats } from './overview-stats';
import { QualityPanel } from './quality-panel';

/** The shop and its model at a glance, and where to go first. */
export function OverviewPage() {
  const [result, reload] = useRenewedQuery({ query: OverviewDocument });
  const trainings = useRunning((_, hasEnded) => hasEnded && reload());
  return (
    <Page title="Overview" tabTitle="Overview" lead="The shop, the model that answers, and what goes on now.">
      <QueryView result={result} what="The overview" lines={10} onRetry={reload}>
        {({ catalogue, activeModel, interactionKinds }) => (
          <Stack gap="lg">
            <OverviewStats
              catalogue={catalogue}
              modelNumber={activeModel?.number ?? null}
              preset={activeModel?.preset}
            />
            <div className={classes.columns}>
              <Stack gap="lg">
                {catalogue.itemCount === 0 && <FirstSteps itemCount={0} />}
                <QualityPanel model={activeModel ?? null} />
                {catalogue.itemCount > 0 && <FirstSteps itemCount={catalogue.itemCount} />}
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
