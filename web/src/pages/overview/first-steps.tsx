import { Text } from '@mantine/core';
import { Link } from 'react-router';

import { ADD_ITEMS_PATH, historyRecommendationsPath, userPath, userRecommendationsPath } from '../../app/paths';
import { useViewer } from '../../app/use-viewer';
import { CopyBlock, curlOf } from '../../components/copy/copy-block';
import { Icon, type IconName } from '../../components/icon/icon';
import { Panel } from '../../components/panel/panel';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { SomeItemsDocument, SomeUserDocument } from '../../graphql/graphql';
import classes from './first-steps.module.css';

export function FirstSteps({ itemCount }: { readonly itemCount: number }) {
  const { role } = useViewer();
  // Visitors may not read users.
  const [{ data }] = useFreshQuery({ query: SomeUserDocument, pause: role === null });
  const userId = data?.users.nodes[0]?.externalId ?? null;
  const [{ data: some }] = useFreshQuery({ query: SomeItemsDocument });
  // Visitors may ask for the list of a history that the call carries.
  const made = historyRecommendationsPath(some?.items.nodes.map(({ externalId }) => externalId) ?? []);
  const list = userId === null ? made : userRecommendationsPath(userId);
  const command = curlOf({ query: queryOf(userId) }, role !== null);
  return (
    <Panel title="Where to begin">
      <div className={classes.steps}>
        {itemCount > 0 ? (
          <>
            <Step
              icon="sparkle"
              title="See a list, and why"
              text="Each item with its path through the trie"
              to={`${list}&whyFirst=1`}
            />
            <Step
              icon="users"
              title="Watch a list change"
              text={userId === null ? 'Add items to a history' : 'Record what a user does now'}
              to={userId === null ? made : userPath(userId)}
            />
          </>
        ) : (
          <Step icon="items" title="Add the first item" text="It can be recommended at once" to={ADD_ITEMS_PATH} />
        )}
        <Step
          icon="upload"
          title="Add your own items"
          text="From a CSV or JSONL file"
          to={`${ADD_ITEMS_PATH}?how=many`}
        />
      </div>
      <Text size="xs" c="dimmed" mt="md" mb={6}>
        The same from a command line
      </Text>
      <CopyBlock label="Command" text={command} />
    </Panel>
  );
}

interface StepProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly to: string;
}

function Step({ icon, title, text, to }: StepProps) {
  return (
    <Link to={to} className={classes.step}>
      <Icon name={icon} />
      <span>
        <span className={classes.title}>{title}</span>
        <span className={classes.text}>{text}</span>
      </span>
    </Link>
  );
}

function queryOf(userId: string | null): string {
  if (userId === null) return '{ items(first: 3) { nodes { externalId title } } }';
  const fields = 'nodes { rank item { title } }';
  return `{ recommendations(user: ${JSON.stringify(userId)}, first: 3) { reason ${fields} } }`;
}
