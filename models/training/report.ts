/** What is said of a finished model: the share of its item head is chosen on validation, then test is looked at, once. */
import type { Device } from '../compute/device';
import {
  byDecoder,
  byItemHead,
  chooseShare,
  fusedBy,
  headRanks,
  LIST_SIZE,
  type HeldOutRanker,
  type RankOptions,
} from './evaluate';
import { ContentNeighbours } from './content-neighbours';
import { fitFloors, rankFloor } from './floors';
import { trainingCounts, type HeldOut } from './interactions';
import { listMetrics, type ItemFacts } from './list-metrics';
import { hitRank, plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';

/** Hypotheses a level, and so the length of each head's list. */
const BEAM_SIZE = LIST_SIZE;

export interface ReportInput {
  readonly ranker: HeldOutRanker;
  readonly device: Device;
  /** Text vectors, one an item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
  /** See `ItemFacts`. */
  readonly categories: Int32Array | null;
  /** Full: also what costs passes of its own over the users. */
  readonly extent: 'short' | 'full';
  /** Users ranked so far, of all passes over them. */
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** A test user with the lists that are made for them, of item rows. */
export interface TestCase extends HeldOut {
  readonly served: readonly number[];
  readonly decoder: readonly number[];
  /** Null for a model without an item head. */
  readonly itemHead: readonly number[] | null;
}

/**
 * The metrics of what is served; under `decoder.…` and `item-head.…` those of each head alone, under `seen-kept.…` those of
 * lists that may hold what the user already has, and under `floor.NAME.…` each floor's: all on the same users.
 */
export async function reportOn(input: ReportInput): Promise<{ itemHeadShare: number; metrics: MetricValue[] }> {
  const { ranker, extent, signal } = input;
  const { log, split, semanticIds } = ranker.input;
  const passes = new Passes(input.onProgress);
  const validation = passes.plan(ranker, { part: 'validation', beamSize: BEAM_SIZE, signal });
  const test = passes.plan(ranker, { part: 'test', beamSize: BEAM_SIZE, signal });
  const seenKept =
    extent === 'full' ? passes.plan(ranker, { part: 'test', beamSize: BEAM_SIZE, isSeenKept: true, signal }) : null;
  const { share } = chooseShare(await ranker.rank(validation, headRanks));
  const served = fusedBy(share);
  const cases = await ranker.rank(test, (one, candidates): TestCase => {
    const itemHead = candidates.retrieved === null ? null : byItemHead(candidates);
    return { ...one, served: served(candidates), decoder: byDecoder(candidates), itemHead };
  });
  const facts = {
    popularity: trainingCounts(log, split, semanticIds.length),
    categories: input.categories,
  };
  const metrics = [
    ...headMetrics(cases, facts, ranker.input.seed),
    plainMetric('item-head.share', share),
    plainMetric('users', cases.length),
    ...(seenKept ? await seenKeptMetrics(ranker, seenKept, share) : []),
    ...(await floorMetrics(input, cases)),
  ];
  return { itemHeadShare: share, metrics };
}

/** Passes over users that are known beforehand, so that progress is told of them all. */
class Passes {
  private total = 0;

  constructor(private readonly onProgress: ReportInput['onProgress']) {}

  /** @returns The options, with progress that goes on from the passes planned before. */
  plan(ranker: HeldOutRanker, options: RankOptions): RankOptions {
    const before = this.total;
    this.total += ranker.cases(options).length;
    return { ...options, onProgress: (done) => this.onProgress(before + done, this.total) };
  }
}

function headMetrics(cases: readonly TestCase[], facts: ItemFacts, seed: number): MetricValue[] {
  const metricsOf = (lists: readonly (readonly number[])[]) => [
    ...rankingMetrics(ranksOf(lists, cases), seed),
    ...listMetrics(lists, facts, seed),
    ...coldStartMetrics(lists, cases, facts, seed),
  ];
  const itemHead = cases.flatMap((one) => (one.itemHead === null ? [] : [one.itemHead]));
  return [
    ...metricsOf(cases.map((one) => one.served)),
    ...(itemHead.length > 0 ? prefixed('decoder.', metricsOf(cases.map((one) => one.decoder))) : []),
    ...(itemHead.length > 0 ? prefixed('item-head.', metricsOf(itemHead)) : []),
  ];
}

/** Recall of targets that no history of the training part has; only where there are some. */
function coldStartMetrics(
  lists: readonly (readonly number[])[],
  cases: readonly HeldOut[],
  { popularity }: ItemFacts,
  seed: number,
): MetricValue[] {
  const ranks = cases.flatMap(({ targets }, i) => {
    const cold = targets.filter((item) => popularity[item] === 0);
    return cold.length === 0 ? [] : [hitRank(lists[i], cold)];
  });
  const users = plainMetric('cold-start.users', ranks.length);
  if (ranks.length === 0) return [users];
  const recall = rankingMetrics(ranks, seed).filter(({ name }) => name === 'recall@10');
  return [users, ...prefixed('cold-start.', recall)];
}

async function seenKeptMetrics(ranker: HeldOutRanker, options: RankOptions, share: number): Promise<MetricValue[]> {
  const served = fusedBy(share);
  const ranks = await ranker.rank(options, ({ targets }, candidates) => hitRank(served(candidates), targets));
  return prefixed('seen-kept.', rankingMetrics(ranks, ranker.input.seed));
}

async function floorMetrics(input: ReportInput, cases: readonly HeldOut[]): Promise<MetricValue[]> {
  const { log, split, semanticIds, seed } = input.ranker.input;
  const metricsOf = (name: string, lists: readonly (readonly number[])[]) =>
    prefixed(`floor.${name}.`, rankingMetrics(ranksOf(lists, cases), seed));
  const content = new ContentNeighbours(input.device, input.vectors, input.dims);
  try {
    return [
      ...Array.from(fitFloors(log, split, semanticIds.length)).flatMap(([name, scorer]) =>
        metricsOf(name, rankFloor(scorer, cases, semanticIds.length, LIST_SIZE)),
      ),
      ...metricsOf('content-knn', await content.rank(cases, LIST_SIZE)),
    ];
  } finally {
    content.dispose();
  }
}

/** @returns Where the targets stand in the lists, one a user: see `hitRank`. */
function ranksOf(lists: readonly (readonly number[])[], cases: readonly HeldOut[]): number[] {
  return cases.map(({ targets }, i) => hitRank(lists[i], targets));
}
