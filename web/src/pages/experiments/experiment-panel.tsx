import { Alert, Anchor, Badge, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';

import { modelPath } from '../../app/paths';
import { GuardedButton } from '../../components/change/guard';
import { DefinitionList } from '../../components/definition-list/definition-list';
import { Ago } from '../../components/format/ago';
import { formatCount } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { Panel } from '../../components/panel/panel';
import type { ArmFactsFragment, ArmRateFiguresFragment, ExperimentFactsFragment } from '../../graphql/graphql';
import { differenceText, METRICS, rateText, type Verdict, verdictOf, winnerOf } from './verdict';

interface ExperimentPanelProps {
  readonly experiment: ExperimentFactsFragment;
  readonly onStop: () => void;
  readonly onPromote: (arm: ArmFactsFragment) => void;
}

/** One experiment: what it has found, and its arms side by side. */
export function ExperimentPanel({ experiment, onStop, onPromote }: ExperimentPanelProps) {
  const { placement, metric, currency, startedAt, stoppedAt, arms, sampleRatioMismatch } = experiment;
  const winner = winnerOf(arms, metric);
  return (
    <Panel
      title={placement}
      note={
        <>
          {METRICS[metric]} decides; began <Ago at={startedAt} />
          {stoppedAt != null && (
            <>
              , stopped <Ago at={stoppedAt} />
            </>
          )}
        </>
      }
      actions={
        stoppedAt == null && (
          <GuardedButton needs="ADMIN" deed="Stopping an experiment" size="xs" variant="default" onClick={onStop}>
            Stop it
          </GuardedButton>
        )
      }
    >
      <Stack gap="md">
        {sampleRatioMismatch && (
          <Alert
            color="red"
            variant="light"
            icon={<Icon name="warning" />}
            title="The users are not divided as they should be"
            role="alert"
          >
            Something other than chance decides whose lists are reported, so the arms cannot be compared. Look whether
            the shop reports the feedback of all arms alike.
          </Alert>
        )}
        <Text size="sm" fw={600} role="status">
          {winner === null
            ? 'No arm is clearly better than the control arm so far.'
            : `“${winner.name}” is clearly better than the control arm.`}
        </Text>
        <SimpleGrid cols={{ base: 1, sm: 2, lg: Math.min(arms.length, 3) }}>
          {arms.map((arm) => (
            <ArmCard
              key={arm.id}
              arm={arm}
              verdict={verdictOf(arm, metric)}
              isWinner={arm === winner}
              currency={currency ?? null}
              onPromote={() => onPromote(arm)}
            />
          ))}
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

const VERDICTS: Readonly<Record<Verdict, { readonly label: string; readonly color: string }>> = {
  better: { label: 'Clearly better', color: 'green' },
  worse: { label: 'Clearly worse', color: 'red' },
  open: { label: 'Not told apart', color: 'gray' },
};

interface ArmCardProps {
  readonly arm: ArmFactsFragment;
  readonly verdict: Verdict | null;
  readonly isWinner: boolean;
  readonly currency: string | null;
  readonly onPromote: () => void;
}

function ArmCard({ arm, verdict, isWinner, currency, onPromote }: ArmCardProps) {
  const { name, percent, isControl, status, users, lists, clicked, purchased, revenue } = arm;
  const { label, color } = verdict === null ? { label: 'Control', color: 'indigo' } : VERDICTS[verdict];
  return (
    <section aria-label={`Arm ${name}`}>
      <Group gap="xs" mb="xs">
        <Title order={3}>{name}</Title>
        <Badge variant="light" color={color} tt="none">
          {label}
        </Badge>
        {status !== 'RUNNING' && (
          <Badge variant="light" color="yellow" tt="none">
            {status === 'STOPPED' ? 'Stopped by itself' : 'Its model was removed'}
          </Badge>
        )}
      </Group>
      <DefinitionList
        entries={[
          ['Users', `${formatCount(users)}, to have ${percent} %`],
          ['Lists by', <Maker key="maker" arm={arm} />],
          ['Lists', formatCount(lists)],
          ['Clicked', <Rate key="clicked" rate={clicked} isControl={isControl} />],
          ['Purchased from', <Rate key="purchased" rate={purchased} isControl={isControl} />],
          [
            'Revenue a list',
            revenue && <Rate key="revenue" rate={revenue} currency={currency} isControl={isControl} />,
          ],
        ]}
      />
      {status !== 'NO_MODEL' && (
        <GuardedButton
          needs="ADMIN"
          deed="Promoting an arm"
          size="xs"
          mt="sm"
          variant={isWinner ? 'filled' : 'default'}
          aria-label={`Promote ${name}`}
          onClick={onPromote}
        >
          Promote it
        </GuardedButton>
      )}
    </section>
  );
}

function Maker({ arm: { modelVersion, stateNumber } }: { readonly arm: ArmFactsFragment }) {
  if (modelVersion == null) return stateNumber == null ? 'the placement as it is' : `state ${stateNumber}`;
  return (
    <>
      <Anchor component={Link} to={modelPath(modelVersion.number)} size="sm">
        Version {modelVersion.number}
      </Anchor>
      {stateNumber != null && `, state ${stateNumber}`}
    </>
  );
}

interface RateProps {
  readonly rate: ArmRateFiguresFragment;
  readonly currency?: string | null;
  readonly isControl: boolean;
}

/** A rate with its interval, and how far it is above the control arm's. */
function Rate({ rate, currency, isControl }: RateProps) {
  const difference = differenceText(rate, currency);
  return (
    <>
      {rateText(rate, currency)}
      {!isControl && (
        <Text size="xs" c="dimmed">
          {difference === null ? 'too little to compare' : `${difference} against control`}
        </Text>
      )}
    </>
  );
}
