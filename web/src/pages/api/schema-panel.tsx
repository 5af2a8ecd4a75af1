import { Alert, Code, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';

import { plural } from '../../components/format/plural';
import { Panel } from '../../components/panel/panel';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { schemaTypes } from './schema-types';

interface SchemaPanelProps {
  /** The schema as the server prints it; null until it is there. */
  readonly text: string | null;
  readonly error: string | null;
  readonly find: string;
  readonly onFind: (find: string) => void;
}

/** The schema to read: each type with what it is for; search looks into names and descriptions. */
export function SchemaPanel({ text, error, find, onFind }: SchemaPanelProps) {
  const [typed, setTyped] = useDebouncedText(find, onFind);
  const types = useMemo(() => schemaTypes(text ?? ''), [text]);
  const wanted = find.trim().toLowerCase();
  const found = types.filter((type) => wanted === '' || type.text.toLowerCase().includes(wanted));
  return (
    <Panel title="Schema" note={text === null ? undefined : plural(found.length, 'type')}>
      <Stack gap="xs">
        <TextInput
          label="Search the schema"
          placeholder="recommendations"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        {error !== null && <Alert color="red">{error}</Alert>}
        {text === null && error === null && <Skeleton height={240} />}
        {text !== null && found.length === 0 && (
          <Text size="sm" c="dimmed">
            The schema has no “{find}”.
          </Text>
        )}
        {found.map(({ kind, name, description, text: definition }) => (
          <details key={name} open={found.length <= 2}>
            <summary>
              <Text span size="sm" fw={600} ff="monospace">
                {name}
              </Text>{' '}
              <Text span size="xs" c="dimmed">
                {kind}
                {description !== '' && ` · ${description}`}
              </Text>
            </summary>
            <Code block tabIndex={0} aria-label={`Definition of ${name}`} mt={6}>
              {definition}
            </Code>
          </details>
        ))}
      </Stack>
    </Panel>
  );
}
