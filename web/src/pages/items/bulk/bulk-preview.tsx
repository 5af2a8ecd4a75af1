import { Button, ScrollArea, Table, Text } from '@mantine/core';
import { memo, useMemo } from 'react';

import { formatPrice, plural } from '../../../components/format/format';
import { Panel } from '../../../components/panel/panel';
import type { ParsedRow } from './parse-items';
import type { Refusal } from './upsert-in-calls';

const ROWS_SHOWN = 50;

interface BulkPreviewProps {
  readonly rows: readonly ParsedRow[];
  /** Rows that the server refused. */
  readonly refused: readonly Refusal[];
  /** Gives the person a file of these rows. */
  readonly onDownload: (faulty: readonly ParsedRow[]) => void;
}

/** The first rows of a file as they were read; those with a fault come first. It is drawn anew only when one more has a fault. */
export const BulkPreview = memo(function BulkPreview({ rows, refused, onDownload }: BulkPreviewProps) {
  const faulty = useMemo(() => rows.filter(({ error }) => error !== null), [rows]);
  const sources = useMemo(() => new Map(rows.map(({ line, source }) => [line, source])), [rows]);
  const refusedRows = refused.map(({ line, message }) => ({
    ...{ line, item: null, error: message },
    source: sources.get(line),
  }));
  const faults = [...faulty, ...refusedRows];
  const shown = shownRows(rows, faults, ROWS_SHOWN);
  const note = faults.length === 0 ? 'all can be stored' : `${plural(faults.length, 'row')} with a fault`;
  return (
    <Panel
      title={plural(rows.length, 'row')}
      note={note}
      isFlush
      actions={
        faults.length > 0 && (
          <Button variant="default" size="xs" onClick={() => onDownload(faults)}>
            Download the rows with a fault
          </Button>
        )
      }
    >
      <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Rows of the file' }}>
        <Table stickyHeader verticalSpacing={7} horizontalSpacing="md" miw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>Row</Table.Th>
              <Table.Th>ID</Table.Th>
              <Table.Th>Title</Table.Th>
              <Table.Th>Categories</Table.Th>
              <Table.Th ta="end">Price</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <PreviewRow key={row.line} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {rows.length > ROWS_SHOWN && (
        <Text size="xs" c="dimmed" p="sm">
          {plural(rows.length - ROWS_SHOWN, 'more row')} not shown.
        </Text>
      )}
    </Panel>
  );
});

function PreviewRow({ row: { line, item, error } }: { readonly row: ParsedRow }) {
  if (error !== null) {
    return (
      <Table.Tr>
        <Table.Td>{line}</Table.Td>
        <Table.Td colSpan={4}>
          <Text size="sm" c="var(--mantine-color-error)">
            {error}
          </Text>
        </Table.Td>
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Table.Td c="dimmed">{line}</Table.Td>
      <Table.Td>{item?.externalId}</Table.Td>
      <Table.Td>
        <Text size="sm" lineClamp={2}>
          <bdi>{item?.title}</bdi>
        </Text>
      </Table.Td>
      <Table.Td c="dimmed">
        <bdi>{item?.categories?.join(', ')}</bdi>
      </Table.Td>
      <Table.Td ta="end" className="numeric">
        {item?.price == null ? '–' : formatPrice(item.price, item.currency)}
      </Table.Td>
    </Table.Tr>
  );
}

/** @returns At most `most` rows: those with a fault first, in the order of the file, then the first of the others. */
export function shownRows(
  rows: readonly ParsedRow[],
  faulty: readonly ParsedRow[],
  most: number,
): readonly ParsedRow[] {
  const lines = new Set(faulty.map(({ line }) => line));
  const others = rows.slice(0, most).filter(({ line, error }) => error === null && !lines.has(line));
  return [...[...faulty].sort((one, other) => one.line - other.line), ...others].slice(0, most);
}
