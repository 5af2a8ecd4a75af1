/** The enumerations: the unions of records.ts with a description a value. */
import { registerEnumType } from 'type-graphql';

import type * as records from './records';

/** A record over the whole union, so that the compiler misses no value. */
function enumOf<T extends string>(name: string, description: string, values: Readonly<Record<T, string>>) {
  const members = Object.fromEntries(Object.keys(values).map((key) => [key, key])) as { readonly [K in T]: K };
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(values).map(([key, text]) => [key, { description: text }]),
  ) as Record<T, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

export const Role = enumOf<records.Role>('Role', 'What the holder of an API key may do.', {
  READER: 'Read.',
  WRITER: 'Read, and record interactions.',
  ADMIN: 'Everything.',
});

export const UserErrorCode = enumOf<records.UserErrorCode>('UserErrorCode', 'Kinds of mistake in an input.', {
  NOT_FOUND: 'Nothing has this id.',
  DUPLICATE: 'The same thing is there already, or twice in the input.',
  OUT_OF_RANGE: 'A number outside its range.',
  INVALID: 'A value that means nothing here.',
  TAKEN: 'Another item has this semantic ID.',
  CONFLICT: 'The catalogue has moved on since the version given.',
  TOO_MANY: 'More than one call takes.',
  NO_LIVE_MODEL: 'No model version is active.',
  UNKNOWN_PRESET: 'No preset has this name.',
  ALREADY_RUNNING: 'It runs already.',
  NOT_RUNNING: 'It has ended already.',
  UNUSABLE_CHECKPOINT: "The model version's files are missing or damaged.",
});

export const InteractionKind = enumOf<records.InteractionKind>('InteractionKind', 'What a user did with an item.', {
  PURCHASE: 'Bought it.',
  VIEW: 'Looked at it.',
  CART: 'Put it into the cart.',
  RATING: 'Rated it.',
});

export const RecommendationSource = enumOf<records.RecommendationSource>(
  'RecommendationSource',
  'How a recommendation came about.',
  {
    GENERATED: 'The decoder wrote its semantic ID, and gave at least half of its probability.',
    ITEM_HEAD:
      'The item head, which knows the items of the training by vectors of their own, gave more of its probability than the decoder.',
    COLD_START:
      'It stands in a slot kept for items without interactions, which are known by their semantic IDs and texts.',
    POPULARITY: 'It is among the most popular items; no model is active, or the model had too little to offer.',
  },
);

export const EmptyReason = enumOf<records.EmptyReason>('EmptyReason', 'Why a list of recommendations is empty.', {
  FILTER_ADMITS_NOTHING: 'No item of the catalogue passes the filter.',
  ALL_SEEN: 'The user has had every item that qualifies, and `includeSeen` was not asked for.',
  EMPTY_CATALOGUE: 'There are no items.',
});

export const ModelStatus = enumOf<records.ModelStatus>('ModelStatus', 'Where a model version stands.', {
  TRAINED: 'Ready, and never active so far.',
  ACTIVE: 'It answers.',
  RETIRED: 'Was active; can be again.',
  REJECTED: 'Trained, but no better than the active one.',
});

export const TrainingStatus = enumOf<records.TrainingStatus>('TrainingStatus', 'Where a training job stands.', {
  QUEUED: 'Waits for its turn.',
  RUNNING: 'Trains.',
  SUCCEEDED: 'Left a model version.',
  FAILED: 'Ended with an error.',
  CANCELLED: 'Was stopped.',
});

export const TrainingPhase = enumOf<records.TrainingPhase>('TrainingPhase', 'What a training job is doing.', {
  FEATURES: 'Turning item texts into vectors.',
  TOKENIZER: 'Learning codebooks.',
  ASSIGNMENT: 'Giving each item its semantic ID.',
  SEQ2SEQ: 'Learning to write the next semantic ID.',
  EVALUATION: 'Measuring on held-out interactions.',
  DONE: 'Finished.',
});

export const CatalogueChangeKind = enumOf<records.CatalogueChangeKind>(
  'CatalogueChangeKind',
  'What made the catalogue change.',
  {
    ITEMS_ADDED: 'Items are new.',
    ITEMS_UPDATED: 'Items read differently.',
    ITEMS_REMOVED: 'Items are no longer recommended.',
    ITEMS_RESTORED: 'Removed items are back.',
    SEMANTIC_IDS_REASSIGNED: 'Items have other semantic IDs.',
    MODEL_ACTIVATED: 'Another model version answers, with its semantic IDs.',
  },
);
