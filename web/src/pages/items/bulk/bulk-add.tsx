import { Anchor, Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'react-router';

import { GuardedButton } from '../../../components/change/guarded-button';
import { formatCount } from '../../../components/format/format';
import { plural } from '../../../components/format/plural';
import { Icon } from '../../../components/icon/icon';
import { Panel } from '../../../components/panel/panel';
import { BulkPreview } from './bulk-preview';
import { BulkProgressView } from './bulk-progress';
import { readText } from './read-text';
import { useBulkAdd } from './use-bulk-add';
import { useParsedItems } from './use-parsed-items';

/** A longer file is not shown as text: a text field of its size would hold up the page. */
const MAX_SHOWN_BYTES = 200_000;

const EXAMPLE = `id,title,brand,categories,price
mug-1,Red mug,Pottery & Co,kitchen|mugs,7.50
mug-2,Blue mug,Pottery & Co,kitchen|mugs,7.50`;

/** Adds many items from a file or a pasted text, after a look at what it holds. */
export function BulkAdd() {
  const [text, setText] = useState('');
  /** Stands for the text, which is kept. */
  const [file, setFile] = useState<File | null>(null);
  const deferred = useDeferredValue(text);
  const { rows, isReading, problem } = useParsedItems(file ?? deferred);
  const { progress, start, stop, reset } = useBulkAdd();
  const good = useMemo(() => rows.filter(({ item }) => item !== null).length, [rows]);

  const choose = async (chosen: File | null) => {
    if (chosen === null) return;
    const content = chosen.size > MAX_SHOWN_BYTES ? null : await readText(chosen);
    if (content !== null) return change(content);
    reset();
    setFile(chosen);
  };
  const change = (next: string) => {
    reset();
    setFile(null);
    setText(next);
  };

  return (
    <Stack gap="lg">
      <Panel
        title="File or text"
        note="CSV with a head line, or JSONL with one object a line"
        actions={
          <FileButton
            onChange={(chosen) => void choose(chosen)}
            accept=".csv,.jsonl,.ndjson,.txt,text/csv,application/json"
          >
            {(props) => (
              <Button {...props} variant="default" size="xs" leftSection={<Icon name="upload" size={15} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
        }
      >
        {file && (
          <Group justify="space-between" mb="sm">
            <Text size="sm" role="status">
              {file.name}, {formatCount(Math.round(file.size / 1000))} kB{isReading && ', is being read…'}
            </Text>
            <Button size="compact-sm" variant="subtle" onClick={() => change(text)}>
              Leave this file
            </Button>
          </Group>
        )}
        <Textarea
          display={file ? 'none' : undefined}
          aria-label="Items as CSV or JSONL"
          placeholder={EXAMPLE}
          value={text}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          autosize
          minRows={6}
          maxRows={14}
          styles={{
            input: { fontFamily: 'var(--mantine-font-family-monospace)', whiteSpace: 'pre', overflowX: 'auto' },
          }}
        />
        {problem !== null && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        )}
        <Text size="xs" c="dimmed" mt="xs">
          Columns: <b>id</b> and <b>title</b> are needed; description, brand, categories (with | between them), price
          and attributes (JSON) are read too.{' '}
          {text === '' && (
            <Anchor component="button" type="button" size="xs" onClick={() => change(EXAMPLE)}>
              Try it with an example
            </Anchor>
          )}
        </Text>
      </Panel>
      {rows.length > 0 && <BulkPreview rows={rows} refused={progress?.refused ?? []} />}
      {progress && <BulkProgressView progress={progress} onStop={stop} />}
      {rows.length > 0 && (
        <Group justify="flex-end">
          {progress && !progress.isRunning && (
            <Button component={Link} to="/items?order=desc" variant="default">
              Look at the items
            </Button>
          )}
          <GuardedButton
            needs="ADMIN"
            deed="Adding items"
            disabled={good === 0 || isReading}
            loading={progress?.isRunning}
            onClick={() => void start(rows)}
          >
            Add {plural(good, 'item')}
          </GuardedButton>
        </Group>
      )}
    </Stack>
  );
}
