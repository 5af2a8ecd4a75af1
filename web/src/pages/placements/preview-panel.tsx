import { Badge, SimpleGrid, Text, Title } from '@mantine/core';

import { ItemLink } from '../../components/item-list/item-list';
import { Panel } from '../../components/panel/panel';
import { UserPicker } from '../../components/pickers/pickers';
import { LIST_REASONS } from '../../components/recommendation/source-badge';
import { QueryView } from '../../components/states/query-view';
import type { FreshResult } from '../../components/states/use-fresh-query';
import type { PreviewedListFragment, PreviewPlacementQuery } from '../../graphql/graphql';
import classes from './preview-panel.module.css';

interface PreviewPanelProps {
  readonly user: string;
  readonly result: FreshResult<PreviewPlacementQuery>;
  readonly onPick: (user: string) => void;
  readonly onRetry: () => void;
}

/** The list of a user as it is now, and as it would be. */
export function PreviewPanel({ user, result, onPick, onRetry }: PreviewPanelProps) {
  return (
    <Panel title="Preview" note="nothing is saved yet">
      <UserPicker value={user} onPick={onPick} />
      <QueryView result={result} what="The preview" lines={10} onRetry={onRetry}>
        {({ previewPlacement: preview }) =>
          preview != null && (
            <SimpleGrid cols={2} spacing="md" mt="md" aria-busy={result.fetching}>
              <List title="Now" list={preview.stored} other={preview.draft} />
              <List title="With your changes" list={preview.draft} other={preview.stored} />
            </SimpleGrid>
          )
        }
      </QueryView>
    </Panel>
  );
}

interface ListProps {
  readonly title: string;
  readonly list: PreviewedListFragment;
  readonly other: PreviewedListFragment;
}

function List({ title, list, other }: ListProps) {
  const places = new Map(other.nodes.map(({ item, rank }) => [item.id, rank]));
  return (
    <div>
      <Title order={3} mb={6}>
        {title}
      </Title>
      {list.nodes.length === 0 && <Text size="sm">{LIST_REASONS[list.reason]}</Text>}
      <ol className="plain" aria-label={title}>
        {list.nodes.map(({ rank, item, rules }) => (
          <li key={item.id} className={classes.line} data-moved={places.get(item.id) !== rank || undefined}>
            <span className={classes.rank}>{rank}</span>
            <div className={classes.item}>
              <ItemLink item={item} lines={2} picture={28} />
              {rules?.map(({ kind, factor }, index) => (
                <Badge key={index} size="xs" variant="light" tt="none">
                  {kind === 'PIN' ? 'pinned' : `× ${factor}`}
                </Badge>
              ))}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
