import { Button, Code, Group, NativeSelect, Stack, Text } from '@mantine/core';
import type { GraphQLSchema } from 'graphql';
import { useMemo, useRef, useState } from 'react';

import { useConnectionState } from '../../app/connection';
import { Panel } from '../../components/panel/panel';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import type { ApiState } from './api-state';
import { CodeEditor } from './editor/code-editor';
import { graphqlLanguage, jsonLanguage } from './editor/languages';
import { chosenOperation, emptyVariables, readVariables } from './read-document';
import { useExecution } from './use-execution';

export interface SharedDocument {
  readonly name: string;
  readonly document: string;
}

const NO_SOCKET = 'The WebSocket to the server cannot be opened. The subscription goes on as soon as it can.';
/** It changes nothing and needs no variables. */
const FIRST_SHOWN = 'shop';

interface TryPanelProps {
  readonly schema: GraphQLSchema;
  readonly operations: readonly SharedDocument[];
  readonly state: ApiState;
  readonly onChange: ChangeUrlState<ApiState>;
}

/** A document with its variables, and what the server answers. */
export function TryPanel({ schema, operations, state, onChange }: TryPanelProps) {
  const named = (wanted: string) => operations.find(({ name }) => name === wanted);
  const shared = named(state.operation) ?? named(FIRST_SHOWN) ?? operations[0];
  const [document, setDocument] = useDebouncedText(state.document ?? shared.document, (text) =>
    onChange({ document: text === shared.document ? null : text }),
  );
  const [variables, setVariables] = useDebouncedText(state.variables ?? emptyVariables(shared.document), (text) =>
    onChange({ variables: text }),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const { results, isRunning, isWaiting, run, stop } = useExecution();
  // Another language makes the editor anew, and whoever types in it would lose the place.
  const lookUp = useRef(onChange);
  lookUp.current = onChange;
  const language = useMemo(() => graphqlLanguage(schema, (find) => lookUp.current({ find }, { push: true })), [schema]);
  const cursor = useRef(0);
  const isCut = ['lost', 'polled'].includes(useConnectionState()) && !isWaiting;
  const execute = () => {
    const read = readVariables(variables);
    setProblem('error' in read ? read.error : null);
    if ('variables' in read) run(document, read.variables, chosenOperation(document, cursor.current));
  };

  return (
    <Panel title="Try it" note="Ctrl + Enter runs it, Ctrl + Space completes, Ctrl + click looks a name up">
      <Stack>
        <NativeSelect
          label="Shared document"
          data={operations.map(({ name }) => name)}
          value={shared.name}
          onChange={({ currentTarget: { value } }) => {
            onChange({ operation: value, document: null, variables: null }, { push: true });
          }}
        />
        <CodeEditor
          label="Document"
          value={document}
          onChange={setDocument}
          onRun={execute}
          onCursor={(at) => {
            cursor.current = at;
          }}
          language={language}
        />
        <div>
          <CodeEditor
            label="Variables"
            value={variables}
            onChange={setVariables}
            onRun={execute}
            language={jsonLanguage}
          />
          {problem !== null && (
            <Text size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
              {problem}
            </Text>
          )}
        </div>
        <Group>
          <Button loading={isWaiting} onClick={execute}>
            Run
          </Button>
          {isRunning && (
            <Button variant="default" onClick={stop}>
              Stop
            </Button>
          )}
          <Text size="sm" c="dimmed" role="status">
            {isRunning && (isCut ? NO_SOCKET : results.length > 0 ? 'Following…' : 'Waiting for the answer…')}
          </Text>
        </Group>
        {results.map((result, index) => (
          <Code
            block
            key={results.length - index}
            mah={480}
            style={{ overflow: 'auto' }}
            tabIndex={0}
            role="region"
            aria-label={index === 0 ? 'Answer' : `Answer ${results.length - index}`}
          >
            {result}
          </Code>
        ))}
      </Stack>
    </Panel>
  );
}
