import { Button, Code, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';

import { Panel } from '../../components/panel/panel';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import type { ApiState } from './api-state';
import { emptyVariables, readVariables } from './read-document';
import { useExecution } from './use-execution';

export interface SharedDocument {
  readonly name: string;
  readonly document: string;
}

/** It changes nothing and needs no variables. */
const FIRST_SHOWN = 'shop';

interface TryPanelProps {
  readonly operations: readonly SharedDocument[];
  readonly state: ApiState;
  readonly onChange: ChangeUrlState<ApiState>;
}

const MONOSPACE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

/** A document with its variables, and what the server answers. */
export function TryPanel({ operations, state, onChange }: TryPanelProps) {
  const named = (wanted: string) => operations.find(({ name }) => name === wanted);
  const shared = named(state.operation) ?? named(FIRST_SHOWN) ?? operations[0];
  const [document, setDocument] = useDebouncedText(state.document === '' ? shared.document : state.document, (text) =>
    onChange({ document: text === shared.document ? '' : text }),
  );
  const [variables, setVariables] = useDebouncedText(
    state.variables === '' ? emptyVariables(shared.document) : state.variables,
    (text) => onChange({ variables: text }),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const { results, isRunning, run, stop } = useExecution();
  const execute = () => {
    const read = readVariables(variables);
    setProblem('error' in read ? read.error : null);
    if ('variables' in read) run(document, read.variables);
  };
  const executeByKeys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    execute();
  };

  return (
    <Panel title="Try it" note="Ctrl + Enter runs it">
      <Stack onKeyDown={executeByKeys}>
        <NativeSelect
          label="Shared document"
          data={operations.map(({ name }) => name)}
          value={shared.name}
          onChange={({ currentTarget: { value } }) => {
            onChange({ operation: value, document: '', variables: '' }, { push: true });
          }}
        />
        <Textarea
          label="Document"
          value={document}
          onChange={({ currentTarget }) => setDocument(currentTarget.value)}
          autosize
          minRows={8}
          maxRows={22}
          spellCheck={false}
          styles={MONOSPACE}
        />
        <Textarea
          label="Variables"
          placeholder="{}"
          value={variables}
          error={problem}
          onChange={({ currentTarget }) => setVariables(currentTarget.value)}
          autosize
          minRows={2}
          maxRows={12}
          spellCheck={false}
          styles={MONOSPACE}
        />
        <Group>
          <Button onClick={execute}>Run</Button>
          {isRunning && (
            <Button variant="default" onClick={stop}>
              Stop
            </Button>
          )}
          <Text size="sm" c="dimmed" role="status">
            {isRunning && (results.length > 0 ? 'Following…' : 'Waiting for the answer…')}
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
