import { Alert, Button, Group, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Link } from 'react-router';

import { trainingPath } from '../../app/paths';
import { Ago } from '../../components/format/ago';
import { presetName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { FailedTrainingDocument } from '../../graphql/graphql';

/** The last training that failed, until somebody says in this browser that they have read it. */
export function FailedTraining() {
  const [{ data }] = useFreshQuery({ query: FailedTrainingDocument });
  const [read, setRead] = useLocalStorage({
    key: 'tigerql.read-failure',
    defaultValue: '',
    getInitialValueInEffect: false,
  });
  const job = data?.trainingJobs?.nodes[0];
  if (!job || job.id === read) return null;
  return (
    <Alert color="red" variant="light" icon={<Icon name="warning" />} title="A training has failed" role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          Preset {presetName(job.preset)}, seed {job.seed}
          {job.finishedAt != null && (
            <>
              , <Ago at={job.finishedAt} />
            </>
          )}
          : {job.error}. Lists are made as before.
        </Text>
        <Group gap="xs">
          <Button component={Link} to={trainingPath(job.id)} variant="default" size="xs">
            Look at it
          </Button>
          <Button variant="default" size="xs" onClick={() => setRead(job.id)}>
            I have read it
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
