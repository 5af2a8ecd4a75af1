import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';

import { formatShare } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-list';
import { Panel } from '../../components/panel/panel';
import { LIST_REASONS, SourceBadge } from '../../components/recommendation/source-badge';
import { Failure } from '../../components/states/failure';
import { QueryView } from '../../components/states/query-view';
import { type FreshResult, useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { BecauseText, useBecause } from '../../components/why/because';
import { type ShortListFragment, UserList10Document, type UserList10Query } from '../../graphql/graphql';
import classes from './user-list-panel.module.css';

export const LIST_LENGTH = 10;

/** The user's recommendations; after an interaction was recorded, also what moved. */
export function UserListPanel({ externalId, list }: { readonly externalId: string; readonly list: WatchedList }) {
  const [isWhy, why] = useDisclosure(false);
  const reasons = useBecause({ user: externalId, first: LIST_LENGTH }, isWhy);
  const { result, entries, left, reload } = list;
  const made = result.data?.user?.recommendations;
  const note = made?.modelVersion ? `by model version ${made.modelVersion.number}` : made && LIST_REASONS[made.reason];
  return (
    <Panel
      title="List"
      note={note}
      actions={
        <Button
          size="compact-sm"
          variant="default"
          aria-pressed={isWhy}
          loading={isWhy && reasons.result.fetching}
          onClick={why.toggle}
        >
          Why these?
        </Button>
      }
      isFlush
    >
      {reasons.result.error && (
        <Failure error={reasons.result.error} title="The reasons could not be loaded" onRetry={reasons.retry} />
      )}
      <QueryView result={result} what="The list" lines={10} onRetry={reload}>
        {() => (
          <>
            {made?.nodes.length === 0 && (
              <Text size="sm" c="dimmed" p="md">
                {LIST_REASONS[made.reason]}
              </Text>
            )}
            <ol className="plain" aria-label="Recommendations">
              {entries.map(({ rank, item, source, score, movedUp }) => (
                <li key={item.id} className={classes.line}>
                  <span className={classes.rank}>{rank}</span>
                  <div>
                    <ItemLink item={item} lines={2} picture={28} />
                    <BecauseText because={reasons.of(item.id)} />
                  </div>
                  <Movement places={movedUp} />
                  <SourceBadge source={source} />
                  <Text size="xs" c="dimmed" ta="end" className="numeric">
                    {formatShare(Math.exp(score))}
                  </Text>
                </li>
              ))}
            </ol>
            {left.length > 0 && (
              <Group className={classes.left} gap={6}>
                <Text size="xs" c="dimmed">
                  Left the list:
                </Text>
                {left.map(({ item }) => (
                  <ItemLink key={item.id} item={item} lines={2} size="xs" c="var(--mantine-color-anchor)" />
                ))}
              </Group>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

/** How far an item moved against the list before. */
function Movement({ places }: { readonly places: number | null | undefined }) {
  if (places === undefined || places === 0) return <span />;
  if (places === null) {
    return (
      <Badge size="sm" variant="light" color="teal" tt="none">
        new here
      </Badge>
    );
  }
  const isUp = places > 0;
  return (
    <Text
      size="xs"
      c="dimmed"
      className="numeric"
      aria-label={`${Math.abs(places)} places ${isUp ? 'up' : 'down'}`}
      role="img"
    >
      {isUp ? '↑' : '↓'} {Math.abs(places)}
    </Text>
  );
}

export type ListEntry = ShortListFragment['nodes'][number];

/** Against the list before: places up (negative: down); null: it was not there; undefined: there was no list before. */
export interface WatchedEntry extends ListEntry {
  readonly movedUp?: number | null;
}

export interface WatchedList {
  readonly result: FreshResult<UserList10Query>;
  readonly entries: readonly WatchedEntry[];
  /** Items of the list before that are in this one no longer. */
  readonly left: readonly ListEntry[];
  /** Loads the list anew, and compares it with the one on the screen. */
  reload(): void;
}

export function useWatchedList(externalId: string): WatchedList {
  const [before, setBefore] = useState<readonly ListEntry[] | null>(null);
  const [result, refetch] = useFreshQuery({ query: UserList10Document, variables: { externalId } });
  const list = result.data?.user?.recommendations ?? null;
  const now = list?.nodes ?? [];
  const rankBefore = new Map(before?.map(({ item, rank }) => [item.id, rank]));
  const idsNow = new Set(now.map(({ item }) => item.id));
  const reload = () => {
    if (list !== null) setBefore(now);
    refetch({ requestPolicy: 'network-only' });
  };
  useListRenewal(result.fetching, reload);
  return {
    result,
    entries: now.map((entry) => ({ ...entry, movedUp: movedUp(entry, before && rankBefore) })),
    left: before?.filter(({ item }) => !idsNow.has(item.id)) ?? [],
    reload,
  };
}

function movedUp({ item, rank }: ListEntry, before: ReadonlyMap<string, number> | null): number | null | undefined {
  if (before === null) return undefined;
  const former = before.get(item.id);
  return former === undefined ? null : former - rank;
}
