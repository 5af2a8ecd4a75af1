/** What the training page shows, as its address says it. */
import { listOrNull, numberOr, textValue, type UrlShape } from '../../components/url-state/use-url-state';

export interface TrainingPageState {
  /** IDs of the jobs whose curves are drawn; null: the newest that began. */
  readonly jobs: readonly string[] | null;
  /** Empty: the loss. */
  readonly metric: string;
  /** 0–95 percent. */
  readonly smooth: number;
}

export const TRAINING_STATE: UrlShape<TrainingPageState> = {
  jobs: listOrNull,
  metric: textValue,
  smooth: numberOr(0),
};

/** The server answers about so many jobs at once. */
export const MOST_CURVES = 100;

/** @param newest - The newest job that began. @returns The jobs whose curves are drawn. */
export function shownJobs(jobs: readonly string[] | null, newest: string | undefined): readonly string[] {
  return (jobs ?? (newest === undefined ? [] : [newest])).slice(0, MOST_CURVES);
}

export const METRICS = [
  { value: 'loss', label: 'Loss' },
  { value: 'validation.ndcg@10', label: 'NDCG@10 on validation data' },
  { value: 'validation.decoder.ndcg@10', label: 'NDCG@10, decoder alone' },
  { value: 'validation.item-head.ndcg@10', label: 'NDCG@10, item head alone' },
  { value: 'tokenizer.loss', label: 'Loss of the codebooks' },
  { value: 'learningRate', label: 'Learning rate' },
] as const;
