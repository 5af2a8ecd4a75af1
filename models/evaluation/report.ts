/** Measures a trained model: chooses its weights on validation, then evaluates once on test. */
import { BEAM_WIDTH, MEASURED_USERS } from '../config';
import { repeatedShare, trainingCounts, type HeldOut } from '../data/interactions';
import type { NeighbourTable } from '../decoding/evidence/neighbours';
import { type ListWeights, PARTS } from '../decoding/mixture';
import type { ListMaking, MixtureWeights } from '../serving/tiger-parts';
import type { TextSpace } from '../text/text-space';
import { baselineMetrics, type TestedLists } from './baseline-metrics';
import { chooseDecay, chooseRepeats, chooseWeights, hasOwnItems, PRIOR_REPEATS } from './choose-weights';
import { experimentMetrics, planExperiment, type ExperimentOptions } from './experiment-metrics';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { listMetrics, type CategoryLevels, type ItemFacts } from './list-metrics';
import { hitRank, plainMetric, prefixed, rankingDifferences, rankingMetrics, type MetricValue } from './metrics';
import { Passes, type ComparedWeights, ofEachHead, ranksOf, testCases, type TestCase } from './test-lists';
import { tunedMatrices, type TunedMatrix } from './tuned-matrices';

/** A phase, and the users ranked in it so far and in total, over all its passes. Those of an experiment are under `BASELINES`. */
export type MeasuredUsers = [phase: 'EVALUATION' | 'BASELINES', done: number, total: number];

export interface ReportInput {
  readonly ranker: HeldOutRanker;
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
  readonly weights: MixtureWeights;
  /** The figures of the model's own lists. */
  readonly metrics: readonly MetricValue[];
  /** Measures the baselines, and what an experiment adds. */
  readonly compare: () => Promise<MetricValue[]>;
}

/**
 * Measures on the same test users: without a prefix the lists that are served, under `decoder.…` and `item-head.…` those of each
 * head alone, under `baseline.NAME.…` those of each baseline, under `above.…` how far the served ones are above each head's and
 * the strongest baseline's, and under `seen-kept.…` lists that may have hidden items, if many users take those again. An
 * experiment always has these, and adds the entropies of longer lists, `cold.…` and `diversity.…`.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function reportOn(input: ReportInput, passes: ReportPlan, chosen: ChosenMixture): Promise<Report> {
  const { ranker, onProgress } = input;
  const { unseen, seenKept = unseen } = chosen;
  const weights = { unseen: unseen.weights, seenKept: seenKept.weights };
  ranker.weights = weights;
  const lists = await testedLists(input, passes.test, unseen);
  const withSeen = passes.seenKeptTest && (await testedLists(input, passes.seenKeptTest, seenKept));
  const metrics = [
    ...servedMetrics(input, lists.cases),
    ...weightMetrics(weights.unseen),
    ...(chosen.seenKept === undefined ? [] : prefixed('seen-kept.', weightMetrics(weights.seenKept))),
    ...(withSeen === null ? [] : prefixed('seen-kept.', seenKeptMetrics(ranker, withSeen.cases))),
    plainMetric('beam-width', BEAM_WIDTH),
    plainMetric('users', lists.cases.length),
    ...(passes.repeated === null ? [] : [plainMetric('targets.repeated', passes.repeated)]),
  ];
  const compare = async () => {
    onProgress('BASELINES', 0, 1);
    const parts = { ...input, matrices: await matricesOf(input, passes.validation, unseen) };
    const ofBaselines = await baselineMetrics(ranker.input, lists, parts);
    const ofSeenKept = withSeen === null ? [] : await baselineMetrics(ranker.input, withSeen, parts);
    const tested = { ...input, cases: lists.cases, weights: compared(unseen) };
    const further = passes.further === null ? [] : await experimentMetrics(tested, passes.further);
    return [...ofBaselines, ...prefixed('seen-kept.', ofSeenKept), ...further];
  };
  return { weights, metrics, compare };
}

function compared({ weights, evidence }: ChosenList): ComparedWeights {
  return { served: weights, evidence };
}

async function testedLists({ ranker }: ReportInput, pass: RankOptions, chosen: ChosenList): Promise<TestedLists> {
  const cases = await testCases(ranker, pass, compared(chosen));
  return { cases, isSeenKept: pass.isSeenKept ?? false, making: chosen.weights };
}

function matricesOf(
  { ranker, signal }: ReportInput,
  pass: RankOptions,
  { weights }: ChosenList,
): Promise<TunedMatrix[]> {
  const users = { cases: ranker.cases(pass), isSeenKept: false, signal };
  return tunedMatrices(ranker.input, users, weights.neighbourDecay);
}

function seenKeptMetrics({ input: { seed } }: HeldOutRanker, cases: readonly TestCase[]): MetricValue[] {
  const ofHeads = ofEachHead(cases, (ranked) => rankingMetrics(ranksOf(ranked, cases), seed));
  return [...ofHeads, plainMetric('users', cases.length)];
}

export type ReportPlan = ReturnType<typeof planReport>;

/** Plans all passes over the users before the first one runs, so that the progress knows how many there are. */
export function planReport({ ranker, categories, experiment, onProgress, signal }: ReportInput) {
  const planner = (phase: MeasuredUsers[0]) => {
    const passes = new Passes((done, total) => onProgress(phase, done, total));
    return (options: Partial<RankOptions>) => passes.plan(ranker, { part: 'test', signal, ...options });
  };
  const [plan, planCompared] = [planner('EVALUATION'), planner('BASELINES')];
  const repeated = repeatedShare(ranker.input.log, ranker.input.split);
  const measuresSeenKept = experiment !== null || (repeated ?? 0) >= MIN_REPEATS;
  const hasCategories = categories.length > 0;
  return {
    /** The share of repeats among the targets. */
    repeated,
    validation: plan(VALIDATION),
    seenKeptValidation: measuresSeenKept ? plan({ ...VALIDATION, isSeenKept: true }) : null,
    test: plan({}),
    seenKeptTest: measuresSeenKept ? plan({ isSeenKept: true }) : null,
    further: experiment && planExperiment(ranker, { hasCategories }, experiment, planCompared),
  };
}

const VALIDATION = { part: 'validation', users: MEASURED_USERS.validation } as const;

export interface ChosenMixture {
  readonly unseen: ChosenList;
  /** Absent: few users take an item again, so these lists use the weights of the others. */
  readonly seenKept?: ChosenList;
}

/** Chooses on validation how both kinds of lists are made. */
export async function chooseMixture(input: ReportInput, passes: ReportPlan): Promise<ChosenMixture> {
  const unseen = await chooseList(input, passes.validation, false);
  const { seenKeptValidation } = passes;
  return { unseen, ...(seenKeptValidation && { seenKept: await chooseList(input, seenKeptValidation, true) }) };
}

interface ChosenList {
  readonly weights: ListMaking;
  /** Weights of the evidence alone. */
  readonly evidence: ListWeights;
}

/** Chooses how one kind of list is made: first how each evidence reads a history, by itself; then how much each part counts. */
async function chooseList(
  { ranker, neighbours, signal }: ReportInput,
  pass: RankOptions,
  isSeenKept: boolean,
): Promise<ChosenList> {
  const users = { cases: ranker.cases(pass), isSeenKept, signal };
  const { decay } = chooseDecay(neighbours, users);
  const repeats =
    isSeenKept || hasOwnItems(users.cases) ? chooseRepeats(users, ranker.input.log.rules).repeats : PRIOR_REPEATS;
  const read = { ...ranker.weights.unseen, neighbourDecay: decay, repeats };
  ranker.weights = { unseen: read, seenKept: read };
  const judged = await ranker.rank(pass, ({ targets }, candidates) => ({ targets, candidates }));
  const { served, evidence } = chooseWeights(judged, isSeenKept);
  return { weights: { ...read, ...served }, evidence };
}

/** The figures of the lists that are served, and of those of each head. */
function servedMetrics({ ranker, categories }: ReportInput, cases: readonly TestCase[]): MetricValue[] {
  const { log, split, semanticIds, seed } = ranker.input;
  const facts = { popularity: trainingCounts(log, split, semanticIds.length), categories };
  if (!ranker.hasItemHead) return headMetrics(cases, facts, seed);
  return [...headMetrics(cases, facts, seed), ...aboveEachHead(cases, seed)];
}

/** The weights that validation has chosen. */
function weightMetrics({ shares, textWeight, neighbourDecay, repeats }: ListMaking): MetricValue[] {
  return [
    ...PARTS.map((part) => plainMetric(`share.${part}`, shares[part])),
    plainMetric('text-weight', textWeight),
    plainMetric('neighbour-decay', neighbourDecay),
    plainMetric('repeats.ageing', repeats.ageing),
    plainMetric('repeats.kinds', repeats.kinds),
  ];
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
