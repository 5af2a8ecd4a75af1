/** Measures a trained model: chooses the share of its item head on validation, then evaluates once on test. */
import type { Device } from '../compute/device';
import { BEAM_WIDTH } from '../config';
import { repeatedShare, trainingCounts, type HeldOut } from '../data/interactions';
import type { NeighbourTable } from '../decoding/evidence';
import type { Fusion, ItemHeadWeights, SeenKeptWeights } from '../serving/tiger-parts';
import type { TextSpace } from '../text/text-space';
import { baselineMetrics, planBaselines } from './baseline-metrics';
import { experimentMetrics, planExperiment, type ExperimentOptions } from './experiment-metrics';
import { chooseShare, headRanks } from './head-ranks';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { chooseSeenKept, chooseWeights, seenKeptPasses, weightPasses } from './item-head-weights';
import { listMetrics, type CategoryLevels, type ItemFacts } from './list-metrics';
import { hitRank, plainMetric, prefixed, rankingDifferences, rankingMetrics, type MetricValue } from './metrics';
import { NearestTexts } from './nearest-texts';
import { planSeenKept, reportOnSeenKept } from './seen-kept-metrics';
import { Passes, ofEachHead, ranksOf, testCases, type TestCase } from './test-lists';
import { planMatrices, tunedMatrices } from './tuned-matrices';

/** A phase, and the users ranked in it so far and in total, over all its passes. Those of an experiment are under `BASELINES`. */
export type MeasuredUsers = [phase: 'EVALUATION' | 'BASELINES', done: number, total: number];

export interface ReportInput {
  readonly ranker: HeldOutRanker;
  readonly device: Device;
  /** Text vectors, one per item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  /** Null: nothing is measured that ranks by texts. */
  readonly texts: TextSpace | null;
  readonly neighbours: NeighbourTable;
  readonly categories: CategoryLevels;
  /** Null: no experiment, so no additional passes over the users. */
  readonly experiment: ExperimentOptions | null;
  readonly onProgress: (...progress: MeasuredUsers) => void;
  /** Called when a simple list is as good as the model's. */
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/**
 * With a smaller share of repeats, lists with seen items use the weights of the other lists, and only an experiment measures them: a
 * training need not do everything twice.
 */
const MIN_REPEATS = 0.1;

export interface Report {
  readonly fusion: Fusion & ItemHeadWeights;
  /** The figures of the model's own lists. */
  readonly metrics: readonly MetricValue[];
  /** Measures the baselines, and what an experiment adds. When it fails, all that the model needs is known. */
  readonly compare: () => Promise<MetricValue[]>;
}

/**
 * Measures on the same test users: without a prefix the lists that are served, under `decoder.…` and `item-head.…` those of each
 * head alone, under `baseline.NAME.…` those of each baseline, under `above.…` how far the served ones are above each head's and
 * the strongest baseline's, and under `seen-kept.…` lists that may have items that the user has, if many do that again. An
 * experiment always has these, and adds the entropies of longer lists, `cold.…` and `diversity.…`.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function reportOn(input: ReportInput): Promise<Report> {
  const { ranker } = input;
  const passes = planReport(input);
  const fusion = await chooseFusion(input, passes);
  const share = fusion.itemHeadShare;
  const cases = await testCases(ranker, passes.test, share);
  const seenKept =
    passes.seenKeptLists && (await reportOnSeenKept(input, passes.seenKeptLists, fusion.seenKept ?? fusion));
  const metrics = [
    ...servedMetrics(input, cases),
    ...fusionMetrics(ranker, fusion),
    ...(seenKept?.metrics ?? []),
    plainMetric('beam-width', BEAM_WIDTH),
    plainMetric('users', cases.length),
    ...(passes.repeated === null ? [] : [plainMetric('targets.repeated', passes.repeated)]),
  ];
  const compare = () =>
    withNearestTexts(input, async (nearestTexts) => {
      const matrices = await tunedMatrices(ranker, passes.matrices);
      return [
        ...(await baselineMetrics(ranker, cases, { ...input, nearestTexts, matrices, passes: passes.baselines })),
        ...((await seenKept?.compare(matrices)) ?? []),
        ...(passes.further === null
          ? []
          : await experimentMetrics({ ...input, nearestTexts, cases, share }, passes.further)),
      ];
    });
  return { fusion, metrics, compare };
}

/** Plans all passes over the users before the first one runs, so that the progress knows how many there are. */
function planReport({ ranker, texts, categories, experiment, onProgress, signal }: ReportInput) {
  const planner = (phase: MeasuredUsers[0]) => {
    const passes = new Passes((done, total) => onProgress(phase, done, total));
    return (options: Partial<RankOptions>) => passes.plan(ranker, { part: 'test', signal, ...options });
  };
  const [plan, planCompared] = [planner('EVALUATION'), planner('BASELINES')];
  const repeated = repeatedShare(ranker.input.log, ranker.input.split);
  const hasRepeats = (repeated ?? 0) >= MIN_REPEATS;
  const found: RankOptions['found'] = new Map(); // for all passes over validation, of which the first alone searches
  const hasCategories = categories.length > 0;
  const matrices = planMatrices(ranker.input.semanticIds.length, planCompared);
  const names = matrices.map(({ method: { name } }) => name);
  return {
    /** The share of repeats among the targets. */
    repeated,
    forWeights: weightPasses(ranker, (options) => plan({ found, ...options })),
    validation: plan({ part: 'validation', found }),
    forSeenKept: ranker.hasItemHead && hasRepeats ? seenKeptPasses(plan) : null,
    test: plan({}),
    matrices,
    baselines: planBaselines(texts !== null, names, planCompared),
    seenKeptLists: experiment === null && !hasRepeats ? null : planSeenKept(names, plan, planCompared),
    further: experiment && planExperiment(ranker, { hasCategories }, experiment, planCompared),
  };
}

/** Leaves the ranker with the weights of lists without seen items. */
async function chooseFusion(
  { ranker, neighbours }: ReportInput,
  { forWeights, validation, forSeenKept }: ReturnType<typeof planReport>,
): Promise<Report['fusion']> {
  const weights = await chooseWeights(ranker, neighbours, forWeights);
  const { share } = chooseShare(await ranker.rank(validation, headRanks), ranker.hasItemHead);
  const seenKept = forSeenKept && (await chooseSeenKept(ranker, neighbours, forSeenKept));
  return { itemHeadShare: share, ...weights, ...(seenKept && { seenKept }) };
}

/** The figures of the lists that are served, and of those of each head. */
function servedMetrics({ ranker, categories }: ReportInput, cases: readonly TestCase[]): MetricValue[] {
  const { log, split, semanticIds, seed } = ranker.input;
  const facts = { popularity: trainingCounts(log, split, semanticIds.length), categories };
  if (!ranker.hasItemHead) return headMetrics(cases, facts, seed);
  return [...headMetrics(cases, facts, seed), ...aboveEachHead(cases, seed)];
}

/** The weights that validation has chosen. */
function fusionMetrics(
  { hasItemHead, hasTexts }: HeldOutRanker,
  { seenKept, ...fusion }: Report['fusion'],
): MetricValue[] {
  return [
    plainMetric('item-head.share', fusion.itemHeadShare),
    ...(hasTexts ? [plainMetric('item-head.text-weight', fusion.textWeight)] : []),
    ...(hasItemHead ? [plainMetric('item-head.neighbour-share', fusion.neighbourShare)] : []),
    plainMetric('neighbour-decay', fusion.neighbourDecay),
    ...(seenKept ? prefixed('seen-kept.', weightMetrics({ ...fusion, ...seenKept })) : []),
  ];
}

function weightMetrics(weights: SeenKeptWeights & ItemHeadWeights): MetricValue[] {
  return [
    plainMetric('item-head.share', weights.itemHeadShare),
    plainMetric('item-head.neighbour-share', weights.neighbourShare),
    plainMetric('neighbour-decay', weights.neighbourDecay),
    plainMetric('item-head.repeat-share', weights.repeatShare),
    plainMetric('repeat-decay', weights.repeatDecay),
  ];
}

async function withNearestTexts<T>(
  { device, texts, vectors }: ReportInput,
  work: (nearestTexts: NearestTexts | null) => Promise<T>,
): Promise<T> {
  const nearestTexts = texts && new NearestTexts(device, texts.directions(vectors), texts.size);
  try {
    return await work(nearestTexts);
  } finally {
    nearestTexts?.dispose();
  }
}

function headMetrics(cases: readonly TestCase[], facts: ItemFacts, seed: number): MetricValue[] {
  return ofEachHead(cases, (lists) => [
    ...rankingMetrics(ranksOf(lists, cases), seed),
    ...listMetrics(lists, facts, seed),
    ...neverBoughtMetrics(lists, cases, facts, seed),
  ]);
}

/** How far the lists of both heads are above those of each. */
function aboveEachHead(cases: readonly TestCase[], seed: number): MetricValue[] {
  const ranks = (listOf: (one: TestCase) => readonly number[]) => ranksOf(cases.map(listOf), cases);
  const served = ranks((one) => one.served);
  const above = (head: string, listOf: (one: TestCase) => readonly number[]) =>
    prefixed(`above.${head}.`, rankingDifferences(served, ranks(listOf), seed));
  return [...above('decoder', (one) => one.decoder), ...above('item-head', (one) => one.itemHead ?? [])];
}

/** The recall of cold targets, which are not in the training part; only if there are any. */
function neverBoughtMetrics(
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
  const recall = rankingMetrics(ranks, seed).filter(({ name }) => name === 'recall@10');
  return [users, ...prefixed('cold-start.', recall)];
}
