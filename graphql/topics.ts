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

export interface EventReader<T> extends AsyncIterator<T> {
  /** @returns The first event that was dropped since the last call, because the reader was too slow; null: none was. */
  takeDropped(): T | null;
}

/** The events of a topic, from the first moment of each reader on. */
export interface LiveEvents<T> {
  [Symbol.asyncIterator](): EventReader<T>;
}

/** Services publish here, and subscriptions read from here. A reader that is too slow gets only the newest values. */
export interface TopicHub {
  publish<T extends Topic>(topic: T, payload: Topics[T]): void;
  subscribe<T extends Topic>(topic: T): LiveEvents<Topics[T]>;
}
