import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guard';
import { Page } from '../../components/page/page';
import { TurnPages } from '../../components/pages/turn-pages';
import { usePages } from '../../components/pages/use-pages';
import { EmptyState } from '../../components/states/empty-state';
import { Failure } from '../../components/states/failure';
import { flagValue, textValue, useUrlState } from '../../components/url-state/use-url-state';
import {
  type ArmFactsFragment,
  type ExperimentFactsFragment,
  ExperimentListDocument,
  PromoteArmDocument,
  StopExperimentDocument,
} from '../../graphql/graphql';
import { ExperimentPanel } from './experiment-panel';
import { StartExperiment } from './start-experiment';

const PER_PAGE = 10;

interface Promoted {
  readonly arm: ArmFactsFragment;
  readonly placement: string;
}

/** `placement`: only those of this one; empty: all. `new`: whether one is being started. */
const STATE = { placement: textValue, new: flagValue };

/** Compares ways to make the lists of a placement on its own users. */
export function ExperimentsPage() {
  const [{ placement, new: isStarting }, setState] = useUrlState(STATE);
  const [stopped, setStopped] = useState<ExperimentFactsFragment | null>(null);
  const [promoted, setPromoted] = useState<Promoted | null>(null);
  const pages = usePages({
    query: ExperimentListDocument,
    variables: { first: PER_PAGE, placement: placement === '' ? null : placement },
    select: (data) => data.experiments,
  });
  const { rows, isLoading, error } = pages;
  const start = () => setState({ new: true });
  return (
    <Page
      title="Experiments"
      lead="Ways to make the lists of a placement, each for a share of the users. Look as often as you like: the intervals hold."
      actions={
        <GuardedButton needs="ADMIN" deed="Starting an experiment" onClick={start}>
          Start an experiment
        </GuardedButton>
      }
    >
      {placement !== '' && (
        <Text size="sm">
          Those of <b>{placement}</b>.{' '}
          <Button size="compact-xs" variant="default" onClick={() => setState({ placement: '' })}>
            Show all
          </Button>
        </Text>
      )}
      {error && <Failure error={error} title="The experiments could not be loaded" onRetry={pages.reload} />}
      <Stack gap="lg" aria-busy={isLoading}>
        {rows.map((experiment) => (
          <ExperimentPanel
            key={experiment.id}
            experiment={experiment}
            onStop={() => setStopped(experiment)}
            onPromote={(arm) => setPromoted({ arm, placement: experiment.placement })}
          />
        ))}
      </Stack>
      {rows.length === 0 && !isLoading && !error && (
        <EmptyState
          icon="experiments"
          title="No experiment was started yet"
          text="An experiment shows each user the lists of one of its arms, and says which arm does better."
        />
      )}
      <TurnPages pages={pages} />
      <StartExperiment
        isOpen={isStarting}
        placement={placement}
        onClose={() => setState({ new: false })}
        onStarted={pages.reload}
      />
      <ConfirmChange
        wanted={stopped}
        title="Stop the experiment?"
        deed="Stop the experiment"
        document={StopExperimentDocument}
        select={(data) => data.stopExperiment}
        variables={({ id }) => ({ input: { experimentId: id } })}
        onDone={({ placement: name }) => {
          announce(`The experiment of “${name}” is stopped.`);
          pages.reload();
        }}
        onClose={() => setStopped(null)}
      >
        {({ placement: name }) =>
          `From the next request on, all users have the lists of “${name}” as they are without it. Its figures stay. It cannot be started again.`
        }
      </ConfirmChange>
      <ConfirmChange
        wanted={promoted}
        title="Promote the arm?"
        deed="Promote it"
        document={PromoteArmDocument}
        select={(data) => data.promoteArm}
        variables={({ arm }) => ({ input: { armId: arm.id } })}
        onDone={({ arm, placement: name }) => {
          announce(`“${name}” has the lists of “${arm.name}” from now on.`);
          pages.reload();
        }}
        onClose={() => setPromoted(null)}
      >
        {({ arm, placement: name }) =>
          `All users have the lists of “${arm.name}” from the next request on: what it has is saved as the newest state of “${name}”, which can be put back, and the experiment stops.`
        }
      </ConfirmChange>
    </Page>
  );
}
