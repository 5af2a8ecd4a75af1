import type { ListReason, RecommendationSource } from '../../graphql/graphql';
import { ExplainedBadge, type Explanation } from '../explained-badge/explained-badge';

const SOURCES: Readonly<Record<RecommendationSource, Explanation>> = {
  GENERATED: {
    label: 'Generated',
    text: 'The decoder wrote its semantic ID and gave the largest part of its probability.',
    color: 'tiger',
  },
  ITEM_HEAD: {
    label: 'Item head',
    text: 'The item head, which knows trained items by vectors of their own, gave the largest part of its probability.',
    color: 'indigo',
  },
  EVIDENCE: {
    label: 'Counts and texts',
    text: 'What is bought near the items of the history, what was taken before, what is popular and which texts are near gave the largest part.',
    color: 'cyan',
  },
  COLD_START: {
    label: 'Cold item',
    text: 'It stands in a place kept for items that the model has not learned yet.',
    color: 'teal',
  },
  TRENDING: {
    label: 'Trending',
    text: 'It is among the items that most users took lately: no model is active, or the model had too little to offer.',
    color: 'grape',
  },
  POPULARITY: {
    label: 'Popular',
    text: 'It is among the most popular items: no model is active, or the model had too little to offer.',
    color: 'gray',
  },
};

export function SourceBadge({ source }: { readonly source: RecommendationSource }) {
  return <ExplainedBadge {...SOURCES[source]} />;
}

/** Why a list is what it is; for an empty one also what to do. */
export const LIST_REASONS: Readonly<Record<ListReason, string>> = {
  MODEL: 'A model made it.',
  TRENDING: 'trending: there is nothing that a model could go by',
  POPULAR: 'most popular: there is nothing that a model could go by',
  NEWEST: 'newest: nobody did anything with these items yet',
  EMPTY_CATALOGUE: 'The shop has no items.',
  ALL_SEEN: 'They have had every item that qualifies. Let seen items come again to see a list.',
  NO_FALLBACK: 'No model could make it, and the placement says that nothing fills it.',
  FILTER_ADMITS_NOTHING: 'No item passes the filter. Widen it to see a list.',
};
