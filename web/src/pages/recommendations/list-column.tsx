import { Text } from '@mantine/core';

import { Codes } from '../../components/codes/codes';
import { amongThem } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { LIST_REASONS } from '../../components/recommendation/source-badge';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import type { FullListFragment, ListedRecommendationFragment } from '../../graphql/graphql';
import classes from './list-column.module.css';
import { RecommendationCard } from './recommendation-card';
import type { Settings, Subject } from './recommendations-state';
import type { useRecommendations } from './use-recommendations';

interface ListColumnProps {
  readonly title: string;
  readonly subject: Subject;
  readonly settings: Settings;
  readonly list: ReturnType<typeof useRecommendations>;
  /** The list beside it; absent: there is none. */
  readonly other?: readonly ListedRecommendationFragment[];
  /** The external ID of the item that is explained; null: that of the first. */
  readonly why: string | null;
  readonly onExplain: (externalId: string, isExplained: boolean) => void;
  readonly onAdd?: (externalId: string) => void;
}

export function ListColumn({ title, subject, settings, list, other, why, onExplain, onAdd }: ListColumnProps) {
  const { result, reload } = list;
  const ranks = other && new Map(other.map(({ item, rank }) => [item.id, rank]));
  return (
    <Panel title={title} note={result.data ? noteOf(result.data) : undefined} isFlush>
      <QueryView result={result} what="The list" lines={14} onRetry={reload}>
        {(shown) => (
          <>
            {shown.steeredBy.length > 0 && <Understood steeredBy={shown.steeredBy} />}
            {shown.nodes.length === 0 ? (
              <EmptyState icon="sparkle" title="The list is empty" text={LIST_REASONS[shown.reason]} />
            ) : (
              <ol className={classes.cards} aria-label={title} aria-busy={result.fetching} inert={result.isFormer}>
                {shown.nodes.map((recommendation, index) => (
                  <RecommendationCard
                    key={recommendation.item.id}
                    recommendation={recommendation}
                    best={shown.nodes[0].score}
                    otherRank={ranks && (ranks.get(recommendation.item.id) ?? null)}
                    subject={subject}
                    settings={settings}
                    list={shown}
                    isExplained={why === null ? index === 0 : why === recommendation.item.externalId}
                    onExplain={(isExplained) => onExplain(recommendation.item.externalId, isExplained)}
                    onAdd={onAdd && (() => onAdd(recommendation.item.externalId))}
                  />
                ))}
              </ol>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  );
}

/** What the wishes were understood as. */
function Understood({ steeredBy }: Pick<FullListFragment, 'steeredBy'>) {
  return (
    <ul className={classes.wishes} aria-label="Wishes as understood">
      {steeredBy.map(({ text, weight, prefix }, index) => (
        <Text key={index} component="li" size="xs">
          <bdi>{text}</bdi>:{' '}
          {prefix == null ? (
            'no items are near to it'
          ) : (
            <>
              {weight > 1 ? 'up' : 'down'} <Codes codes={prefix.codes} /> {amongThem(prefix.terms, 3)}
            </>
          )}
        </Text>
      ))}
    </ul>
  );
}

function noteOf({ modelVersion, catalogueVersion, reason }: FullListFragment): string {
  const maker = modelVersion && reason === 'MODEL' ? `model version ${modelVersion.number}` : LIST_REASONS[reason];
  return `${maker}, catalogue version ${catalogueVersion}`;
}
