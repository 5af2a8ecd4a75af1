import { Box, Button, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { InteractionKind } from '../../graphql/graphql';
import { formatDate, formatTime, INTERACTION_KINDS } from '../format/format';
import type { Pages } from '../pages/use-pages';
import { Panel } from '../panel/panel';
import { Failure } from '../states/failure';
import classes from './interactions-panel.module.css';

interface Interaction {
  readonly kind: InteractionKind;
  readonly rating: number | null;
  readonly occurredAt: string;
}

interface InteractionsPanelProps<T extends Interaction> {
  readonly title: string;
  readonly note: string;
  readonly pages: Pages<T>;
  /** Subject of the message when loading fails, such as `The history`. */
  readonly what: string;
  readonly empty: string;
  /** The user or the item of the interaction. */
  readonly renderOther: (interaction: T) => ReactNode;
}

/** Interactions page by page: whom or what with, what kind, when. */
export function InteractionsPanel<T extends Interaction>(props: InteractionsPanelProps<T>) {
  const { title, note, pages, what, empty, renderOther } = props;
  const { rows, isLoading, error, hasMore, loadMore, retry } = pages;
  return (
    <Panel title={title} note={note} isFlush>
      {error && (
        <Box p="md">
          <Failure error={error} title={`${what} could not be loaded`} onRetry={retry} />
        </Box>
      )}
      {rows.length === 0 && error === null && (
        <Text size="sm" c="dimmed" p="md">
          {isLoading ? 'Loading…' : empty}
        </Text>
      )}
      {rows.length > 0 && (
        <Table verticalSpacing={8} horizontalSpacing="md">
          <Table.Tbody>
            {rows.map((interaction, index) => (
              // Nothing else tells two equal events apart, and the list only grows at its end.
              <Table.Tr key={index}>
                <Table.Td className={classes.other}>{renderOther(interaction)}</Table.Td>
                <Table.Td c="dimmed">
                  {INTERACTION_KINDS[interaction.kind]} {interaction.rating}
                </Table.Td>
                <Table.Td ta="end" c="dimmed" className={`numeric ${classes.when}`}>
                  <span>{formatDate(interaction.occurredAt)}</span> <span>{formatTime(interaction.occurredAt)}</span>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {hasMore && (
        <Button variant="subtle" fullWidth radius={0} loading={isLoading} onClick={loadMore}>
          Show more
        </Button>
      )}
    </Panel>
  );
}
