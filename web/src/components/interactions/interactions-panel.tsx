import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { InteractionKind } from '../../graphql/graphql';
import type { Column } from '../data-table/column';
import { DataTable } from '../data-table/data-table';
import { formatDateTime, INTERACTION_KINDS } from '../format/format';
import type { Pages } from '../pages/use-pages';
import { Panel } from '../panel/panel';

interface Interaction {
  readonly kind: InteractionKind;
  readonly rating: number | null;
  readonly occurredAt: string;
}

interface InteractionsPanelProps<T extends Interaction> {
  readonly title: string;
  readonly note: string;
  readonly pages: Pages<T>;
  readonly empty: string;
  /** The user or the item of the interaction. */
  readonly other: { readonly header: string; readonly render: (interaction: T) => ReactNode };
}

/** Interactions page by page: whom or what with, what kind, when. */
export function InteractionsPanel<T extends Interaction>({
  title,
  note,
  pages,
  empty,
  other,
}: InteractionsPanelProps<T>) {
  const columns: readonly Column<T>[] = [
    { id: 'other', width: 'minmax(90px, 2fr)', ...other },
    {
      id: 'kind',
      header: 'What',
      width: 'minmax(70px, 1fr)',
      render: ({ kind, rating }) => `${INTERACTION_KINDS[kind]} ${rating ?? ''}`,
    },
    {
      id: 'when',
      header: 'When',
      width: 'minmax(100px, 1.6fr)',
      isNumeric: true,
      render: ({ occurredAt }) => formatDateTime(occurredAt),
    },
  ];
  const nothing = (
    <Text size="sm" c="dimmed">
      {empty}
    </Text>
  );
  return (
    <Panel title={title} note={note} isFlush>
      <DataTable label={title} what={`The ${title.toLowerCase()}`} pages={pages} columns={columns} empty={nothing} />
    </Panel>
  );
}
