import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useRef } from 'react';
import { Link } from 'react-router';

import { ADD_ITEMS_PATH, userPath, userRecommendationsPath } from '../../app/paths';
import { useViewer } from '../../app/use-viewer';
import { type CopyState, useCopy } from '../../components/copy/use-copy';
import { Icon, type IconName } from '../../components/icon/icon';
import { Panel } from '../../components/panel/panel';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { SomeUserDocument } from '../../graphql/graphql';
import classes from './first-steps.module.css';

interface FirstStepsProps {
  readonly itemCount: number;
}

const COPY_WORDS: Readonly<Record<CopyState, string>> = {
  idle: 'Copy',
  copied: 'Copied',
  selected: 'Selected: press Ctrl + C',
};

/** The ways to begin, and the same list from a command line. */
export function FirstSteps({ itemCount }: FirstStepsProps) {
  const { role } = useViewer();
  // Visitors may not read users.
  const [{ data }] = useFreshQuery({ query: SomeUserDocument, pause: role === null });
  const userId = data?.users.nodes[0]?.externalId ?? null;
  const command = curlOf(userId, role !== null);
  const place = useRef<HTMLPreElement>(null);
  const [state, copy] = useCopy(command, place);
  return (
    <Panel title="Where to begin">
      <div className={classes.steps}>
        {itemCount > 0 ? (
          <>
            <Step
              icon="sparkle"
              title="See a list, and why"
              text="Each item with its path through the trie"
              to={userId === null ? '/recommendations?for=history' : userRecommendationsPath(userId)}
            />
            <Step
              icon="users"
              title="Watch a list change"
              text="Record what a user does now"
              to={userId === null ? '/users' : userPath(userId)}
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
      <div className={classes.command}>
        <pre ref={place} className={classes.code} tabIndex={0} aria-label="Command">
          {command}
        </pre>
        <Tooltip label={COPY_WORDS[state]}>
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={copy}
            aria-label={state === 'idle' ? 'Copy the command' : COPY_WORDS[state]}
          >
            <Icon name={state === 'copied' ? 'check' : 'copy'} size={16} />
          </ActionIcon>
        </Tooltip>
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

/** @param hasKey - Whether the command wants a key too; the console shows its own to nobody. */
function curlOf(userId: string | null, hasKey: boolean): string {
  const fields = 'nodes { rank item { title } }';
  const query =
    userId === null
      ? '{ items(first: 3) { nodes { externalId title } } }'
      : `{ user(externalId: ${JSON.stringify(userId)}) { recommendations(first: 3) { ${fields} } } }`;
  const body = JSON.stringify({ query }).replaceAll("'", "'\\''");
  const headers = ['content-type: application/json', ...(hasKey ? ['authorization: Bearer YOUR_KEY'] : [])];
  const lines = [`curl ${location.origin}/graphql`, ...headers.map((header) => `-H '${header}'`), `-d '${body}'`];
  return lines.join(' \\\n  ');
}
