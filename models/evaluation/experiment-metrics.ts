/** Measures what only an experiment asks for: longer lists, withheld items, diversity. */
import type { HeldOut } from '../data/interactions';
import { NUM_NEAREST, rankColdItems } from '../decoding/cold-items';
import { AllowMask } from '../decoding/restricted-trie';
import { coldStartMetrics, MAX_RESERVED, type ColdStartLists } from './cold-start';
import { DIVERSITY_USERS, diversityMetrics, diversityPoints, type DiversityPoint } from './diversity';
import { byDecoder } from './head-ranks';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { LONG_LIST_SIZE, longListMetrics, type CategoryLevels } from './list-metrics';
import type { MetricValue } from './metrics';
import type { NearestTexts } from './nearest-texts';
import type { PlanPass } from './passes';
import { ofEachHead, planLists, testCases, type ListPasses, type TestCase } from './test-lists';

/** What an experiment measures in addition. */
export interface ExperimentOptions {
  /** Item rows that were withheld from the histories, ascending. Empty: no metrics of withheld items. */
  readonly withheld: Int32Array;
  /** Whether to measure diversity and hits at several temperatures; needs categories. */
  readonly hasDiversity: boolean;
}

/** The passes of an experiment, in the order in which they run. */
export interface ExperimentPasses {
  /** Null: there are no categories. */
  readonly long: ListPasses | null;
  /** Null: nothing is withheld. */
  readonly cold: ColdPasses | null;
  readonly sampled: readonly { readonly point: DiversityPoint; readonly pass: RankOptions }[];
}

interface ColdPasses {
  /** Item rows, ascending. */
  readonly withheld: Int32Array;
  readonly byDecoder: RankOptions;
  /** Null: there are no texts. */
  readonly byBoth: RankOptions | null;
}

/** @returns The passes that `experimentMetrics` needs. */
export function planExperiment(
  ranker: HeldOutRanker,
  { hasTexts, hasCategories }: { readonly hasTexts: boolean; readonly hasCategories: boolean },
  { withheld, hasDiversity }: ExperimentOptions,
  plan: PlanPass,
): ExperimentPasses {
  const { semanticIds } = ranker.input;
  const long = hasCategories ? planLists(ranker, plan, { first: LONG_LIST_SIZE, users: DIVERSITY_USERS }) : null;
  const cold = withheld.length === 0 ? null : planCold(withheld, hasTexts, plan);
  const points = hasDiversity && hasCategories ? diversityPoints(semanticIds[0]?.length ?? 0) : [];
  return { long, cold, sampled: points.map((point) => ({ point, pass: plan({ users: DIVERSITY_USERS }) })) };
}

function planCold(withheld: Int32Array, hasTexts: boolean, plan: PlanPass): ColdPasses {
  return { withheld, byDecoder: plan({}), byBoth: hasTexts ? plan({ first: NUM_NEAREST }) : null };
}

/** What an experiment reads of the model and of the lists that it has made for the test users. */
export interface TestedModel {
  readonly ranker: HeldOutRanker;
  /** Null: no texts told the items apart. */
  readonly nearestTexts: NearestTexts | null;
  readonly categories: CategoryLevels;
  readonly cases: readonly TestCase[];
  /** The item head's share in the lists that are served. */
  readonly share: number;
}

/** Runs the passes. @returns The entropies of long lists, `cold.…` and `diversity.…`. */
export async function experimentMetrics(
  model: TestedModel,
  { long, cold, sampled }: ExperimentPasses,
): Promise<MetricValue[]> {
  const { ranker, categories, share } = model;
  const metrics: MetricValue[] = [];
  if (long !== null) metrics.push(...(await longMetrics(ranker, long, categories, share)));
  if (cold !== null) metrics.push(...(await coldMetrics(model, cold)));
  for (const { point, pass } of sampled) metrics.push(...(await diversityMetrics(ranker, point, pass, categories)));
  return metrics;
}

async function longMetrics(
  ranker: HeldOutRanker,
  passes: ListPasses,
  categories: CategoryLevels,
  share: number,
): Promise<MetricValue[]> {
  const cases = await testCases(ranker, passes, share);
  return ofEachHead(cases, (lists) => longListMetrics(lists, categories, ranker.input.seed));
}

type WithheldLists = ColdStartLists['withheldLists'];

async function coldMetrics({ ranker, cases, nearestTexts }: TestedModel, passes: ColdPasses): Promise<MetricValue[]> {
  const withheldLists = {
    decoder: await coldByDecoder(ranker, passes),
    ...(nearestTexts &&
      passes.byBoth &&
      (await coldByTexts(ranker, passes.byBoth, cases, nearestTexts, passes.withheld))),
  };
  const lists = { cases, served: cases.map(({ served }) => served), withheldLists };
  return coldStartMetrics(lists, passes.withheld, ranker.input.seed);
}

const firstOf = (list: readonly number[]) => list.slice(0, MAX_RESERVED);

/** Ranks withheld items, which the item head does not know, by the decoder. */
function coldByDecoder(ranker: HeldOutRanker, { withheld, byDecoder: pass }: ColdPasses): Promise<number[][]> {
  const mask = new AllowMask(withheld);
  return ranker.rank({ ...pass, only: () => mask }, (_, candidates) => firstOf(byDecoder(candidates)));
}

/** Ranks them by their texts, and by both together. */
async function coldByTexts(
  ranker: HeldOutRanker,
  pass: RankOptions,
  cases: readonly TestCase[],
  nearestTexts: NearestTexts,
  withheld: Int32Array,
): Promise<WithheldLists> {
  const near = await nearestTexts.rank(cases, NUM_NEAREST, { signal: pass.signal }, withheld);
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
