/** The topics, and the payload of each. */
import type { CatalogueChangeRecord } from './catalogue/records';
import type { ActivationRecord } from './model-version/records';
import type { TrainingProgressRecord } from './training/records';

export interface Topics {
  TRAINING_PROGRESS: TrainingProgressRecord;
  CATALOGUE_CHANGES: CatalogueChangeRecord;
  ACTIVE_MODEL_CHANGES: ActivationRecord;
}

export type Topic = keyof Topics;

/** Services publish here, and subscriptions read from here. A reader that is too slow gets only the newest values. */
export interface TopicHub {
  publish<T extends Topic>(topic: T, payload: Topics[T]): void;
  subscribe<T extends Topic>(topic: T): AsyncIterable<Topics[T]>;
}
