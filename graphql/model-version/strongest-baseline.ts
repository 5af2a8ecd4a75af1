/** Reads from a version's figures how far its lists are above those of the strongest simple method. */
import type { MetricRecord } from './records';

export interface BaselineDifferenceRecord extends Omit<MetricRecord, 'name'> {
  readonly baseline: string;
  readonly seenKept: boolean;
}

/** Where a larger share of the held-out items are repeats, lists with seen items tell how good a model is, as when one is activated. */
const MANY_REPEATS = 0.5;

/** @returns That of the lists which tell how good the version is; null where none was measured. */
export function toldDifference(metrics: readonly MetricRecord[]): BaselineDifferenceRecord | null {
  const repeated = metrics.find(({ name }) => name === 'targets.repeated')?.value ?? 0;
  return (repeated > MANY_REPEATS ? aboveStrongest(metrics, true) : null) ?? aboveStrongest(metrics, false);
}

/** @returns The baseline with the largest NDCG@10, and the difference to it; null where none was measured. */
export function aboveStrongest(metrics: readonly MetricRecord[], seenKept: boolean): BaselineDifferenceRecord | null {
  const lists = seenKept ? 'seen-kept.' : '';
  const difference = metrics.find(({ name }) => name === `${lists}above.strongest-baseline.ndcg@10`);
  const baselines = metrics.flatMap(({ name, value }) => {
    const baseline = name.startsWith(lists) ? NDCG.exec(name.slice(lists.length))?.[1] : undefined;
    return baseline === undefined ? [] : [{ baseline, figure: value }];
  });
  if (difference === undefined || baselines.length === 0) return null;
  const { baseline } = baselines.reduce((a, b) => (b.figure > a.figure ? b : a));
  const { value, low, high } = difference;
  return { baseline, seenKept, value, low, high };
}

const NDCG = /^baseline\.(.+)\.ndcg@10$/;
