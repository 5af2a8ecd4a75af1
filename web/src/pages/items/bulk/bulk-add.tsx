import { Anchor, Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'react-router';

import { GuardedButton } from '../../../components/change/guarded-button';
import { plural } from '../../../components/format/plural';
import { Icon } from '../../../components/icon/icon';
import { Panel } from '../../../components/panel/panel';
import { BulkPreview } from './bulk-preview';
import { BulkProgressView } from './bulk-progress';
import { parseItems } from './parse-items';
import { useBulkAdd } from './use-bulk-add';

const EXAMPLE = `id,title,brand,categories,price
mug-1,Red mug,Pottery & Co,kitchen|mugs,7.50
mug-2,Blue mug,Pottery & Co,kitchen|mugs,7.50`;

/** Adds many items from a file or a pasted text, after a look at what it holds. */
export function BulkAdd() {
  const [text, setText] = useState('');
  const [fileError, setFileError] = useState<string | null>(null);
  const deferred = useDeferredValue(text);
  const rows = useMemo(() => parseItems(deferred), [deferred]);
  const { progress, start, stop, reset } = useBulkAdd();
  const good = rows.filter(({ item }) => item !== null).length;

  const read = async (file: File | null) => {
    if (file === null) return;
    const content = await file.text();
    const isText = !content.includes('\u0000');
    setFileError(isText ? null : `${file.name} is not a text file. CSV and JSONL are read.`);
    if (isText) change(content);
  };
  const change = (next: string) => {
    reset();
    setText(next);
  };

  return (
    <Stack gap="lg">
      <Panel
        title="File or text"
        note="CSV with a head line, or JSONL with one object a line"
        actions={
          <FileButton onChange={(file) => void read(file)} accept=".csv,.jsonl,.ndjson,.txt,text/csv,application/json">
            {(props) => (
              <Button {...props} variant="default" size="xs" leftSection={<Icon name="upload" size={15} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
        }
      >
        <Textarea
          aria-label="Items as CSV or JSONL"
          placeholder={EXAMPLE}
          value={text}
          error={fileError}
          onChange={({ currentTarget }) => change(currentTarget.value)}
          autosize
          minRows={6}
          maxRows={14}
          styles={{
            input: { fontFamily: 'var(--mantine-font-family-monospace)', whiteSpace: 'pre', overflowX: 'auto' },
          }}
        />
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
            disabled={good === 0}
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
