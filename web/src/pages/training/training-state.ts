/** State of the training page in its address. */
import { listOrNull, numberOr, oneOf, textValue, type UrlShape } from '../../components/url-state/use-url-state';
import type { TrainingStatus } from '../../graphql/graphql';

export const STATUSES: Readonly<Record<TrainingStatus, { label: string; color: string }>> = {
  QUEUED: { label: 'Waits', color: 'gray' },
  RUNNING: { label: 'Runs', color: 'tiger' },
  SUCCEEDED: { label: 'Done', color: 'indigo' },
  FAILED: { label: 'Failed', color: 'red' },
  CANCELLED: { label: 'Stopped', color: 'gray' },
};

export interface TrainingPageState {
  /** IDs of the jobs whose curves are drawn; null: the newest that began. */
  readonly jobs: readonly string[] | null;
  /** Empty: the loss; that of the codebooks while these are learned. */
  readonly metric: string;
  /** 0–95 percent. */
  readonly smooth: number;
  readonly status: TrainingStatus | 'ALL';
}

export const TRAINING_STATE: UrlShape<TrainingPageState> = {
  jobs: listOrNull,
  metric: textValue,
  smooth: numberOr(0),
  status: oneOf(['ALL', ...(Object.keys(STATUSES) as TrainingStatus[])], 'ALL'),
};

/** More curves in one chart cannot be told apart. */
export const MOST_CURVES = 12;

/** @param newest - The newest job that began. @returns The jobs whose curves are drawn. */
export function shownJobs(jobs: readonly string[] | null, newest: string | undefined): readonly string[] {
  return (jobs ?? (newest === undefined ? [] : [newest])).slice(0, MOST_CURVES);
}

/** Each by its name in reports of progress, which stands in the address, and in queries. */
export const METRICS = [
  { value: 'loss', metric: 'LOSS', label: 'Loss' },
  { value: 'validation.ndcg@10', metric: 'VALIDATION_NDCG', label: 'NDCG@10 on validation data' },
  { value: 'validation.decoder.ndcg@10', metric: 'VALIDATION_DECODER_NDCG', label: 'NDCG@10, decoder alone' },
  { value: 'validation.item-head.ndcg@10', metric: 'VALIDATION_ITEM_HEAD_NDCG', label: 'NDCG@10, item head alone' },
  { value: 'tokenizer.loss', metric: 'TOKENIZER_LOSS', label: 'Loss of the codebooks' },
  { value: 'learningRate', metric: 'LEARNING_RATE', label: 'Learning rate' },
] as const;
