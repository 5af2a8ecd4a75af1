import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const RecommendationSource = enumOf<records.RecommendationSource>(
  'RecommendationSource',
  'How a recommendation came about.',
  {
    GENERATED: 'The decoder wrote its semantic ID, and gave at least half of its probability.',
    ITEM_HEAD:
      'The item head, which knows the items of the training by vectors of their own, gave more of its probability than the decoder.',
    COLD_START:
      'It stands in a place kept for items that the model has not learned yet: only their semantic IDs and texts are known.',
    POPULARITY:
      'It is among the most popular items; no model is active, the history is empty or has no item with a semantic ID, or the ' +
      'model had too little to offer.',
  },
);
