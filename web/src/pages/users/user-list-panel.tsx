import { Group, Text } from '@mantine/core';

import { formatProbability } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-link';
import { Panel } from '../../components/panel/panel';
import { EMPTY_REASONS } from '../../components/recommendation/empty-reason';
import { SourceBadge } from '../../components/recommendation/source-badge';
import { QueryView } from '../../components/states/query-view';
import { Movement } from './movement';
import type { WatchedList } from './use-watched-list';
import classes from './user-list-panel.module.css';

/** What the user is likely to want next; after something was recorded, what moved. */
export function UserListPanel({ list }: { readonly list: WatchedList }) {
  const { result, entries, left, reload } = list;
  const version = result.data?.list?.modelVersion;
  const note = version ? `by model version ${version.number}` : 'most popular; no model is active';
  return (
    <Panel title="List" note={result.data && note} isFlush>
      <QueryView result={result} what="The list" lines={10} onRetry={reload}>
        {({ list: shown }) => (
          <>
            {shown?.emptyReason && (
              <Text size="sm" c="dimmed" p="md">
                {EMPTY_REASONS[shown.emptyReason]}
              </Text>
            )}
            <ol className={classes.list} aria-label="Recommendations">
              {entries.map(({ rank, item, source, score, movedUp }) => (
                <li key={item.id} className={classes.line}>
                  <span className={classes.rank}>{rank}</span>
                  <ItemLink item={item} lines={2} />
                  <Movement places={movedUp} />
                  <SourceBadge source={source} />
                  <Text size="xs" c="dimmed" ta="end" className="numeric">
                    {formatProbability(Math.exp(score))}
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
