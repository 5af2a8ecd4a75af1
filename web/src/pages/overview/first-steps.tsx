import { ActionIcon, CopyButton, Text, Tooltip } from '@mantine/core';
import { Link } from 'react-router';

import { userPath, userRecommendationsPath } from '../../app/paths';
import { Icon, type IconName } from '../../components/icon/icon';
import { Panel } from '../../components/panel/panel';
import classes from './first-steps.module.css';

interface FirstStepsProps {
  /** Some user of the shop; null: there is none. */
  readonly userId: string | null;
  readonly itemCount: number;
}

/** Three ways to begin, and the same list from a command line. */
export function FirstSteps({ userId, itemCount }: FirstStepsProps) {
  const command = curlOf(userId);
  return (
    <Panel title="Where to begin">
      <div className={classes.steps}>
        {itemCount > 0 ? (
          <Step
            icon="sparkle"
            title="See a list, and why"
            text="Each item with its path through the trie"
            to={userId === null ? '/recommendations?for=history' : userRecommendationsPath(userId)}
          />
        ) : (
          <Step icon="items" title="Add the first item" text="It can be recommended at once" to="/items/add" />
        )}
        <Step
          icon="users"
          title="Watch a list change"
          text="Record what a user does now"
          to={userId === null ? '/users' : userPath(userId)}
        />
        <Step icon="upload" title="Add your own items" text="From a CSV or JSONL file" to="/items/add?how=many" />
      </div>
      <Text size="xs" c="dimmed" mt="md" mb={6}>
        The same from a command line
      </Text>
      <div className={classes.command}>
        <pre className={classes.code} tabIndex={0} aria-label="Command">
          {command}
        </pre>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy'}>
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={copy}
                aria-label={copied ? 'Copied' : 'Copy the command'}
              >
                <Icon name={copied ? 'check' : 'copy'} size={16} />
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
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

function curlOf(userId: string | null): string {
  const fields = 'nodes { rank item { title } }';
  const query =
    userId === null
      ? '{ items(first: 3) { nodes { externalId title } } }'
      : `{ user(externalId: ${JSON.stringify(userId)}) { recommendations(first: 3) { ${fields} } } }`;
  const body = JSON.stringify({ query }).replaceAll("'", "'\\''");
  return `curl ${location.origin}/graphql \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
}
