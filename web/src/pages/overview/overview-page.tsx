import { Grid, Stack } from '@mantine/core';

import { Page } from '../../components/page/page';
import { QueryView } from '../../components/states/query-view';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { useRunning } from '../../components/training/use-running';
import { OverviewDocument } from '../../graphql/graphql';
import { ChangesPanel } from './changes-panel';
import { FirstSteps } from './first-steps';
import { OverviewStats } from './overview-stats';
import { QualityPanel } from './quality-panel';
import { TrainingPanel } from './training-panel';

/** The shop and its model at a glance, and where to go first. */
export function OverviewPage() {
  const [result, reload] = useRenewedQuery({ query: OverviewDocument });
  const trainings = useRunning((_, hasEnded) => hasEnded && reload());
  return (
    <Page title="Overview" tabTitle="Overview" lead="The shop, the model that answers, and what goes on now.">
      <QueryView result={result} what="The overview" lines={10} onRetry={reload}>
        {({ catalogue, activeModel }) => (
          <Stack gap="lg">
            <OverviewStats
              catalogue={catalogue}
              modelNumber={activeModel?.number ?? null}
              preset={activeModel?.preset}
            />
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 7 }}>
                <Stack gap="lg">
                  {catalogue.itemCount === 0 && <FirstSteps itemCount={0} />}
                  <QualityPanel model={activeModel ?? null} />
                  {catalogue.itemCount > 0 && <FirstSteps itemCount={catalogue.itemCount} />}
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 5 }}>
                <Stack gap="lg">
                  <TrainingPanel trainings={trainings} />
                  <ChangesPanel changes={catalogue.recentChanges} />
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}
