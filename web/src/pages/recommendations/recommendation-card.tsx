import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { useId } from 'react';

import { formatPrice, formatShare, itemName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { ItemLink } from '../../components/item-list/item-list';
import { SourceBadge } from '../../components/recommendation/source-badge';
import type { FullListFragment, ListedRecommendationFragment } from '../../graphql/graphql';
import classes from './list-column.module.css';
import type { Settings, Subject } from './recommendations-state';
import { Why } from './why/why';

interface RecommendationCardProps {
  readonly recommendation: ListedRecommendationFragment;
  /** The first one's score, which the bars are measured by. */
  readonly best: number;
  /** The item's place in the list beside this one; null: it is not there; absent: there is no such list. */
  readonly otherRank?: number | null;
  readonly subject: Subject;
  readonly settings: Settings;
  readonly list: FullListFragment;
  readonly isExplained: boolean;
  readonly onExplain: (isExplained: boolean) => void;
  readonly onAdd?: () => void;
}

/** An item of a list: its place, its probability, where it comes from and, when asked, why. */
export function RecommendationCard(props: RecommendationCardProps) {
  const { recommendation, best, otherRank, subject, settings, list, isExplained, onExplain, onAdd } = props;
  const { rank, score, source, item } = recommendation;
  const whyId = useId();
  return (
    <li className={classes.card} data-explained={isExplained || undefined}>
      <div className={classes.head}>
        <span className={classes.rank}>{rank}</span>
        <div>
          <ItemLink item={item} lines={3} fw={500} picture={48} />
          <div className={classes.facts}>
            <span className={`${classes.bar} keeps-colors`} aria-hidden>
              <span style={{ width: `${Math.max(2, 100 * Math.exp(score - best))}%` }} />
            </span>
            <span className="numeric">{formatShare(Math.exp(score))}</span>
            <SourceBadge source={source} />
            {item.price != null && <span className="numeric">price {formatPrice(item.price, item.currency)}</span>}
            {otherRank !== undefined && <OtherRank rank={rank} otherRank={otherRank} />}
          </div>
        </div>
        <Group gap={4} wrap="nowrap">
          {onAdd && (
            <Tooltip label="Add it to the history">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Add ${itemName(item)} to the history`}
                onClick={onAdd}
              >
                <Icon name="add" size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          <Button
            size="compact-sm"
            variant={isExplained ? 'light' : 'default'}
            aria-expanded={isExplained}
            aria-controls={isExplained ? whyId : undefined}
            aria-label={`Why ${itemName(item)}?`}
            onClick={() => onExplain(isExplained)}
          >
            Why?
          </Button>
        </Group>
      </div>
      {isExplained && (
        <div id={whyId}>
          <Why recommendation={recommendation} subject={subject} settings={settings} list={list} />
        </div>
      )}
    </li>
  );
}

interface OtherRankProps {
  readonly rank: number;
  /** Null: the list beside this one has not the item. */
  readonly otherRank: number | null;
}

function OtherRank({ rank, otherRank }: OtherRankProps) {
  if (otherRank === null) return <b>only here</b>;
  return <span>{otherRank === rank ? 'same place there' : `place ${otherRank} there`}</span>;
}
