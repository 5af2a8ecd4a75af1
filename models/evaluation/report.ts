/** Measures a trained model: chooses the share of its item head on validation, then evaluates once on test. */
import type { Device } from '../compute/device';
import { BEAM_WIDTH } from '../config';
import { repeatedShare, trainingCounts, type HeldOut } from '../data/interactions';
import { NUM_NEAREST, rankColdItems } from '../decoding/cold-items';
import type { Candidates } from '../decoding/fusion';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { AllowMask } from '../decoding/restricted-trie';
import type { Fusion, ItemHeadWeights, SeenKeptWeights } from '../serving/tiger-model';
import type { TextSpace } from '../text/text-space';
import { BASELINES, fitBaseline, ownItems, rankBaseline, type BaselineName, type BaselineScorer } from './baselines';
import { coldStartMetrics, MAX_RESERVED, type ColdStartLists } from './cold-start';
import { ContentNeighbours } from './content-neighbours';
import { DIVERSITY_USERS, diversityMetrics, diversityPoints } from './diversity';
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
import { chooseSeenKept, chooseWeights, neighbourScorer, seenKeptPasses, weightPasses } from './item-head-weights';
import { listMetrics, LONG_LIST_SIZE, longListMetrics, type CategoryLevels, type ItemFacts } from './list-metrics';
import { hitRank, isClearlyBetter, meanNdcg, plainMetric, prefixed, rankingMetrics, type MetricValue } from './metrics';

/** What an experiment measures in addition. */
export interface ExperimentOptions {
  /** Item rows that were withheld from the histories, ascending. Empty: no metrics of withheld items. */
  readonly withheld: Int32Array;
  /** Whether to measure diversity and hits at several temperatures; needs categories. */
  readonly hasDiversity: boolean;
}

/** What is measured, and the users ranked for it so far and in total, over all its passes. What an experiment adds is under `BASELINES`. */
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
  /** Called when a simple list is better than the model's. */
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

/** With a smaller share of repeats, lists with seen items use the weights of the other lists, and a training need not choose twice. */
const MIN_REPEATS = 0.1;

/** A test user and the lists made for them, of item rows. */
export interface TestCase extends HeldOut {
  readonly served: readonly number[];
  readonly decoder: readonly number[];
  /** Null for a model without an item head. */
  readonly itemHead: readonly number[] | null;
}

export interface Report {
  readonly fusion: Fusion & ItemHeadWeights;
  /** The figures of the model's own lists. */
  readonly metrics: readonly MetricValue[];
  /** Measures the baselines, and what an experiment adds. When it fails, all that the model needs is known. */
  readonly compare: () => Promise<MetricValue[]>;
}

/**
 * Measures on the same test users: without a prefix the lists that are served, under `decoder.…` and `item-head.…` those of each
 * head alone, under `baseline.NAME.…` those of each baseline. An experiment adds the entropies of longer lists, under `seen-kept.…`
 * lists that may have items that the user has, and also `cold.…` and `diversity.…`.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function reportOn(input: ReportInput): Promise<Report> {
  const { ranker, experiment, neighbours, signal } = input;
  const { log, split, semanticIds, seed } = ranker.input;
  const planner = (phase: MeasuredUsers[0]) => {
    const passes = new Passes((done, total) => input.onProgress(phase, done, total));
    return (options: Partial<RankOptions>) => passes.plan(ranker, { part: 'test', signal, ...options });
  };
  const [plan, planCompared] = [planner('EVALUATION'), planner('BASELINES')];
  const repeated = repeatedShare(log, split);
  const forWeights = weightPasses(ranker, plan);
  const forSeenKept = ranker.hasItemHead && (repeated ?? 0) >= MIN_REPEATS ? seenKeptPasses(plan) : null;
  const [validation, test] = [plan({ part: 'validation' }), plan({})];
  const baselines = planBaselines(input, planCompared);
  const further = experiment === null ? null : planFurther(input, experiment, planCompared);
  const weights = await chooseWeights(ranker, neighbours, forWeights);
  const { share } = chooseShare(await ranker.rank(validation, headRanks), ranker.hasItemHead);
  const cases = await ranker.rank(test, (one, candidates) => testCase(one, candidates, share));
  const seenKept = forSeenKept && (await chooseSeenKept(ranker, neighbours, forSeenKept));
  const facts = { popularity: trainingCounts(log, split, semanticIds.length), categories: input.categories };
  const metrics = [
    ...headMetrics(cases, facts, seed),
    plainMetric('item-head.share', share),
    ...(ranker.hasTexts ? [plainMetric('item-head.text-weight', weights.textWeight)] : []),
    ...(ranker.hasItemHead ? [plainMetric('item-head.neighbour-share', weights.neighbourShare)] : []),
    plainMetric('neighbour-decay', weights.neighbourDecay),
    ...(seenKept === null ? [] : prefixed('seen-kept.', weightMetrics(seenKept))),
    plainMetric('beam-width', BEAM_WIDTH),
    plainMetric('users', cases.length),
    ...(repeated === null ? [] : [plainMetric('targets.repeated', repeated)]),
  ];
  const compare = () =>
    withContent(input, async (content) => [
      ...(await baselineMetrics(ranker, cases, { content, neighbours, baselines, onWarning: input.onWarning })),
      ...(further === null
        ? []
        : await further(cases, content, share, seenKept ?? { itemHeadShare: share, ...weights })),
    ]);
  return { fusion: { itemHeadShare: share, ...weights, ...(seenKept && { seenKept }) }, metrics, compare };
}

function weightMetrics({ itemHeadShare, neighbourShare, neighbourDecay }: SeenKeptWeights): MetricValue[] {
  return [
    plainMetric('item-head.share', itemHeadShare),
    plainMetric('item-head.neighbour-share', neighbourShare),
    plainMetric('neighbour-decay', neighbourDecay),
  ];
}

async function withContent<T>(
  { device, texts, vectors }: ReportInput,
  work: (content: ContentNeighbours | null) => Promise<T>,
): Promise<T> {
  const content = texts && new ContentNeighbours(device, texts.directions(vectors), texts.size);
  try {
    return await work(content);
  } finally {
    content?.dispose();
  }
}

interface BaselinePasses {
  readonly byCounts: Readonly<Record<BaselineName | 'item-knn-tuned', RankOptions>>;
  /** Null: there are no texts. */
  readonly byTexts: RankOptions | null;
}

function planBaselines({ texts }: ReportInput, plan: (options: Partial<RankOptions>) => RankOptions): BaselinePasses {
  const passes = [...BASELINES, 'item-knn-tuned' as const].map((name) => [name, plan({})]);
  return {
    byCounts: Object.fromEntries(passes) as BaselinePasses['byCounts'],
    byTexts: texts && plan({}),
  };
}

/** Plans the additional passes of an experiment. @returns A function that runs them. */
function planFurther(
  { ranker, neighbours, categories, texts }: ReportInput,
  { withheld, hasDiversity }: ExperimentOptions,
  plan: (options: Partial<RankOptions>) => RankOptions,
) {
  const { semanticIds, seed } = ranker.input;
  const seenKept = planSeenKept(ranker, plan);
  const long = categories.length === 0 ? [] : [plan({ first: LONG_LIST_SIZE })];
  const alone = withheld.length === 0 ? null : plan({});
  const together = alone && texts && plan({ first: NUM_NEAREST });
  const points = hasDiversity && categories.length > 0 ? diversityPoints(semanticIds[0]?.length ?? 0) : [];
  const sampled = points.map((point) => ({ point, pass: plan({ users: DIVERSITY_USERS }) }));
  return async (
    cases: readonly TestCase[],
    content: ContentNeighbours | null,
    share: number,
    seenKeptWeights: SeenKeptWeights,
  ): Promise<MetricValue[]> => {
    const metrics = await seenKeptMetrics(ranker, neighbours, seenKept, seenKeptWeights);
    for (const pass of long) metrics.push(...(await longMetrics(ranker, pass, categories, share)));
    if (alone !== null) {
      const withheldLists = {
        decoder: await coldByDecoder(ranker, alone, withheld),
        ...(content && together && (await coldByTexts(ranker, together, cases, content, withheld))),
      };
      const lists = { cases, served: cases.map(({ served }) => served), withheldLists };
      metrics.push(...coldStartMetrics(lists, withheld, seed));
    }
    for (const { point, pass } of sampled) metrics.push(...(await diversityMetrics(ranker, point, pass, categories)));
    return metrics;
  };
}

/** All passes of a phase over users, planned before the first starts, so that progress has a total. */
class Passes {
  private total = 0;

  constructor(private readonly onProgress: (done: number, total: number) => void) {}

  /** @returns The options, with progress that counts on from the passes planned before. */
  plan(ranker: HeldOutRanker, options: RankOptions): RankOptions {
    const before = this.total;
    this.total += ranker.cases(options).length;
    return { ...options, onProgress: (done) => this.onProgress(before + done, this.total) };
  }
}

function testCase(one: HeldOut, candidates: Candidates, share: number, first = LIST_SIZE): TestCase {
  const itemHead = candidates.itemHead === null ? null : byItemHead(candidates, first);
  return { ...one, served: fusedBy(share)(candidates, first), decoder: byDecoder(candidates, first), itemHead };
}

function headMetrics(cases: readonly TestCase[], facts: ItemFacts, seed: number): MetricValue[] {
  return ofEachHead(cases, (lists) => [
    ...rankingMetrics(ranksOf(lists, cases), seed),
    ...listMetrics(lists, facts, seed),
    ...neverBoughtMetrics(lists, cases, facts, seed),
  ]);
}

async function longMetrics(
  ranker: HeldOutRanker,
  pass: RankOptions,
  categories: CategoryLevels,
  share: number,
): Promise<MetricValue[]> {
  const cases = await ranker.rank(pass, (one, candidates) => testCase(one, candidates, share, pass.first));
  return ofEachHead(cases, (lists) => longListMetrics(lists, categories, ranker.input.seed));
}

/** @returns The metrics of the lists that are served, then those of each head's own lists, if there are two heads. */
function ofEachHead(
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

/** Of lists with seen items. */
const SEEN_KEPT_BASELINES = ['popularity', 'item-knn', 'item-knn-tuned', 'own-items'] as const;

interface SeenKeptPasses {
  readonly ofHeads: RankOptions;
  /** None where nobody takes an item again: such lists are for other shops. */
  readonly baselines: readonly { readonly name: (typeof SEEN_KEPT_BASELINES)[number]; readonly pass: RankOptions }[];
}

function planSeenKept(
  { input: { log, split } }: HeldOutRanker,
  plan: (options: Partial<RankOptions>) => RankOptions,
): SeenKeptPasses {
  const hasRepeats = (repeatedShare(log, split) ?? 0) > 0;
  const planned = () => plan({ isSeenKept: true });
  return {
    ofHeads: planned(),
    baselines: hasRepeats ? SEEN_KEPT_BASELINES.map((name) => ({ name, pass: planned() })) : [],
  };
}

async function seenKeptMetrics(
  ranker: HeldOutRanker,
  neighbours: NeighbourTable,
  { ofHeads, baselines }: SeenKeptPasses,
  { itemHeadShare, ...ofNeighbours }: SeenKeptWeights,
): Promise<MetricValue[]> {
  const { log, split, semanticIds, seed } = ranker.input;
  const before = ranker.weights;
  ranker.setWeights(ofNeighbours);
  const cases = await ranker.rank(ofHeads, (one, candidates) => testCase(one, candidates, itemHeadShare));
  ranker.setWeights(before);
  const metricsOf = (lists: readonly (readonly number[])[]) => rankingMetrics(ranksOf(lists, cases), seed);
  const metrics = ofEachHead(cases, metricsOf);
  const numItems = semanticIds.length;
  const scorerOf = (name: (typeof SEEN_KEPT_BASELINES)[number]) => {
    if (name === 'item-knn-tuned') return neighbourScorer(neighbours, ofNeighbours.neighbourDecay);
    if (name === 'own-items') return ownItems(trainingCounts(log, split, numItems), ofNeighbours.neighbourDecay);
    return fitBaseline(name, log, split, numItems);
  };
  for (const { name, pass } of baselines) {
    const lists = await rankBaseline(scorerOf(name), cases, { numItems, k: LIST_SIZE }, pass);
    metrics.push(...prefixed(`baseline.${name}.`, metricsOf(lists)));
  }
  return prefixed('seen-kept.', metrics);
}

type WithheldLists = ColdStartLists['withheldLists'];

const firstOf = (list: readonly number[]) => list.slice(0, MAX_RESERVED);

/** Ranks withheld items, which the item head does not know, by the decoder. */
function coldByDecoder(ranker: HeldOutRanker, pass: RankOptions, withheld: Int32Array): Promise<number[][]> {
  const mask = new AllowMask(withheld);
  return ranker.rank({ ...pass, only: () => mask }, (_, candidates) => firstOf(byDecoder(candidates)));
}

/** Ranks them by their texts, and by both together. */
async function coldByTexts(
  ranker: HeldOutRanker,
  pass: RankOptions,
  cases: readonly TestCase[],
  content: ContentNeighbours,
  withheld: Int32Array,
): Promise<WithheldLists> {
  const near = await content.rank(cases, NUM_NEAREST, { signal: pass.signal }, withheld);
  const nearOf = new Map(cases.map(({ user }, i) => [user, near[i]]));
  const onlyNear = ({ user }: HeldOut) => new AllowMask(Int32Array.from(nearOf.get(user)!, ({ itemId }) => itemId));
  return {
    'content-knn': near.map((list) => firstOf(list.map(({ itemId }) => itemId))),
    both: await ranker.rank({ ...pass, only: onlyNear }, ({ user }, { decoder }) => {
      const scores = new Map(decoder.map(({ itemId, score }) => [itemId, score]));
      return firstOf(rankColdItems(nearOf.get(user)!, (itemId) => scores.get(itemId) ?? null));
    }),
  };
}

interface BaselineParts extends Pick<ReportInput, 'onWarning'> {
  readonly content: ContentNeighbours | null;
  readonly neighbours: NeighbourTable;
  readonly baselines: BaselinePasses;
}

async function baselineMetrics(
  { input: { log, split, semanticIds, seed }, weights }: HeldOutRanker,
  cases: readonly TestCase[],
  { content, neighbours, baselines: { byCounts, byTexts }, onWarning }: BaselineParts,
): Promise<MetricValue[]> {
  const size = { numItems: semanticIds.length, k: LIST_SIZE };
  const served = ranksOf(cases.map((one) => one.served), cases); // prettier-ignore
  const metricsOf = (name: string, lists: readonly (readonly number[])[]) => {
    const ranks = ranksOf(lists, cases);
    harmWarning(name, ranks, served).forEach(onWarning);
    return prefixed(`baseline.${name}.`, rankingMetrics(ranks, seed));
  };
  const measure = async (name: keyof typeof byCounts, scorer: BaselineScorer) =>
    metricsOf(name, await rankBaseline(scorer, cases, size, byCounts[name]));
  const metrics: MetricValue[] = [];
  for (const name of BASELINES)
    metrics.push(...(await measure(name, fitBaseline(name, log, split, semanticIds.length))));
  metrics.push(...(await measure('item-knn-tuned', neighbourScorer(neighbours, weights.neighbourDecay))));
  if (content === null || byTexts === null) return metrics;
  const near = await content.rank(cases, LIST_SIZE, byTexts);
  const lists = near.map((list) => list.map(({ itemId }) => itemId));
  return [...metrics, ...metricsOf('content-knn', lists)];
}

/** A list that costs nothing and is better than the model's by so many standard errors of the difference is worth a warning. */
const HARM: Readonly<Record<string, { readonly errors: number; readonly list: string }>> = {
  popularity: { errors: 0, list: 'the most popular items' },
  'item-knn-tuned': { errors: 2, list: 'what is bought near the items of the history (item-kNN)' },
};

/** @returns What the one who trains should know when that baseline is better than the lists that are served; else nothing. */
function harmWarning(name: string, ranks: readonly number[], served: readonly number[]): string[] {
  if (!(name in HARM) || !isClearlyBetter(ranks, served, HARM[name].errors)) return [];
  const [own, simple] = [served, ranks].map((ofLists) => meanNdcg(ofLists).toFixed(3));
  return [
    `figures: the lists of this version have an NDCG@10 of ${own}, and lists of ${HARM[name].list} have ${simple}, on the same ` +
      `${served.length} users; import more interactions and train again, or activate an earlier version whose figures are better`,
  ];
}

/** @returns The rank of the targets in each user's list: see `hitRank`. */
function ranksOf(lists: readonly (readonly number[])[], cases: readonly HeldOut[]): number[] {
  return cases.map(({ targets }, i) => hitRank(lists[i], targets));
}
