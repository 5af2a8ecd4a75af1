/** The lists that a model makes for the test users, and their figures head by head. */
import type { HeldOut } from '../data/interactions';
import type { Candidates } from '../decoding/fusion';
import { byDecoder, byItemHead, fusedBy, LIST_SIZE } from './evaluate';
import { hitRank, prefixed, type MetricValue } from './metrics';

/** A test user and the lists made for them, of item rows. */
export interface TestCase extends HeldOut {
  readonly served: readonly number[];
  readonly decoder: readonly number[];
  /** Null for a model without an item head. */
  readonly itemHead: readonly number[] | null;
}

/** @param share - Of the item head in the list that is served. */
export function testCase(one: HeldOut, candidates: Candidates, share: number, first = LIST_SIZE): TestCase {
  const itemHead = candidates.itemHead === null ? null : byItemHead(candidates, first);
  return { ...one, served: fusedBy(share)(candidates, first), decoder: byDecoder(candidates, first), itemHead };
}

/** @returns The metrics of the lists that are served, then those of each head's own lists, if there are two heads. */
export function ofEachHead(
  cases: readonly TestCase[],
  metricsOf: (lists: readonly (readonly number[])[]) => MetricValue[],
): MetricValue[] {
  const itemHead = cases.flatMap((one) => (one.itemHead === null ? [] : [one.itemHead]));
  return [
    ...metricsOf(cases.map((one) => one.served)),
    ...(itemHead.length > 0 ? prefixed('decoder.', metricsOf(cases.map((one) => one.decoder))) : []),
    ...(itemHead.length > 0 ? prefixed('item-head.', metricsOf(itemHead)) : []),
  ];
}

/** @returns The rank of the targets in each user's list: see `hitRank`. */
export function ranksOf(lists: readonly (readonly number[])[], cases: readonly HeldOut[]): number[] {
  return cases.map(({ targets }, i) => hitRank(lists[i], targets));
}
