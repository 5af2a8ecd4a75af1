import { Alert, Anchor, Button, FileButton, Group, Progress, Stack, Text, Textarea } from '@mantine/core';
import { type Dispatch, type SetStateAction, useDeferredValue, useMemo, useRef, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { useClient } from 'urql';

import { ADDING, GuardedButton } from '../../../components/change/guard';
import { formatCount, plural } from '../../../components/format/format';
import { Icon } from '../../../components/icon/icon';
import { Panel } from '../../../components/panel/panel';
import { FIELDS } from '../fields';
import { BulkPreview } from './bulk-preview';
import { type BulkSource, bulkStore } from './bulk-store';
import { faultyRows, type ParsedRow } from './parse-items';
import { readText } from './read-text';
import type { BulkProgress, Refusal } from './upsert-in-calls';
import { useParsedItems } from './use-parsed-items';

/** A longer file is not shown as text: a text field of its size would hold up the page. */
const MAX_SHOWN_BYTES = 200_000;

const EXAMPLE = `id,title,brand,categories,price
mug-1,Red mug,Pottery & Co,kitchen|mugs,7.50
mug-2,Blue mug,Pottery & Co,kitchen|mugs,7.50`;

const OPTIONAL_COLUMNS = FIELDS.filter(([name]) => name !== 'externalId' && name !== 'title')
  .map(([, { columns, columnNote }]) => columns[0] + (columnNote === undefined ? '' : ` (${columnNote})`))
  .join(', ');

const NONE: readonly Refusal[] = [];

interface BulkAddProps {
  readonly source: BulkSource;
  readonly onChange: Dispatch<SetStateAction<BulkSource>>;
}

/** Stores many items from a file or a pasted text, after a look at what it holds. */
export function BulkAdd({ source: { text, file }, onChange }: BulkAddProps) {
  const deferred = useDeferredValue(text);
  const { rows: parsed, unread, isReading, problem } = useParsedItems(file ?? deferred);
  const resetFile = useRef<() => void>(null);
  const client = useClient();
  const progress = useSyncExternalStore(bulkStore.subscribe, bulkStore.get);
  const isRunning = progress?.isRunning ?? false;
  const isDone = progress !== null && !isRunning && progress.stopped === null;
  // Whoever comes back to this page sees what is being added.
  const rows = progress?.rows ?? parsed;
  const good = useMemo(() => rows.filter(({ item }) => item !== null).length, [rows]);

  const choose = async (chosen: File | null) => {
    // A browser tells nobody that the file was chosen which its field names already, though it may hold other rows.
    resetFile.current?.();
    if (chosen === null) return;
    const content = chosen.size > MAX_SHOWN_BYTES ? null : await readText(chosen);
    if (content !== null && content.trim() !== '') return change(content);
    bulkStore.forget();
    onChange((before) => ({ ...before, file: chosen }));
  };
  const change = (next: string) => {
    bulkStore.forget();
    onChange({ text: next, file: null });
  };

  return (
    <Stack gap="lg">
      <Panel
        title="File or text"
        note="CSV with a head line, or JSONL with one object a line"
        actions={
          <FileButton
            resetRef={resetFile}
            onChange={(chosen) => void choose(chosen)}
            disabled={isRunning}
            accept=".csv,.jsonl,.ndjson,.txt,text/csv,application/json"
          >
            {(props) => (
              <Button
                {...props}
                disabled={isRunning}
                variant="default"
                size="xs"
                leftSection={<Icon name="upload" size={15} />}
              >
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
            <Button size="compact-sm" variant="subtle" disabled={isRunning} onClick={() => change(text)}>
              Leave this file
            </Button>
          </Group>
        )}
        <Textarea
          display={file ? 'none' : undefined}
          aria-label="Items as CSV or JSONL"
          placeholder={EXAMPLE}
          disabled={isRunning}
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
        {unread.length > 0 && (
          <Text size="sm" mt="xs" role="status">
            Not read, as no field of an item has such a name: <bdi>{unread.join(', ')}</bdi>
          </Text>
        )}
        <Text size="xs" c="dimmed" mt="xs">
          Columns: <b>id</b> and <b>title</b> are needed; {OPTIONAL_COLUMNS} and embedding (a list of numbers) are read
          too.{' '}
          {text === '' && !isRunning && (
            <Anchor component="button" type="button" size="xs" onClick={() => change(EXAMPLE)}>
              Try it with an example
            </Anchor>
          )}
        </Text>
      </Panel>
      {rows.length > 0 && <BulkPreview rows={rows} refused={progress?.refused ?? NONE} onDownload={downloadFaulty} />}
      {progress && <BulkProgressView progress={progress} onStop={bulkStore.stop} />}
      {rows.length > 0 && (
        <Group justify="flex-end">
          {progress && !isRunning && (
            <Button component={Link} to="/items?order=desc" variant="default">
              Look at the items
            </Button>
          )}
          <GuardedButton
            {...ADDING}
            disabled={good === 0 || isReading || isDone}
            loading={isRunning}
            onClick={() => void bulkStore.start(client, rows)}
          >
            Store {plural(good, 'item')}
          </GuardedButton>
        </Group>
      )}
    </Stack>
  );
}

interface BulkProgressViewProps {
  readonly progress: BulkProgress;
  readonly onStop: () => void;
}

function BulkProgressView({ progress, onStop }: BulkProgressViewProps) {
  const { done, total, created, updated, unchanged, refused, isWaiting, stopped, isRunning } = progress;
  if (isRunning) {
    return (
      <Stack gap={6}>
        <Progress value={(100 * done) / Math.max(1, total)} aria-label="Items stored" />
        <Group justify="space-between">
          <Text size="sm" role="status">
            {formatCount(done)} of {plural(total, 'item')}
            {isWaiting && ': the server is busy or away, so it goes on in a moment'}
          </Text>
          <Button size="compact-sm" variant="subtle" onClick={onStop}>
            Stop
          </Button>
        </Group>
      </Stack>
    );
  }
  const isFine = stopped === null && refused.length === 0;
  const title = `${plural(created, 'item')} added, ${formatCount(updated)} changed, ${formatCount(unchanged)} as before`;
  return (
    <Alert color={isFine ? 'green' : 'yellow'} role="status" title={title}>
      {isFine && 'Each can be recommended at once. '}
      {refused.length > 0 && `${plural(refused.length, 'item')} refused; the rows above say why. `}
      {stopped !== null &&
        `It ended early: ${stopped} What was stored stays, and is passed over when you store the rest.`}
    </Alert>
  );
}

/** Hands a file to the browser. */
function downloadFaulty(faulty: readonly ParsedRow[]): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([faultyRows(faulty)], { type: 'text/plain' }));
  link.download = `faulty-rows.${typeof faulty[0].source === 'string' ? 'jsonl' : 'csv'}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
