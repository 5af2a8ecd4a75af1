import type { EmptyReason } from '../../graphql/graphql';

/** Why a list has nothing in it, and what to do. */
export const EMPTY_REASONS: Readonly<Record<EmptyReason, string>> = {
  EMPTY_CATALOGUE: 'The shop has no items.',
  ALL_SEEN: 'They have had every item that qualifies. Let seen items come again to see a list.',
  FILTER_ADMITS_NOTHING: 'No item passes the filter. Widen it to see a list.',
};
