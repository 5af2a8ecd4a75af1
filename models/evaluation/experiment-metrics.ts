/** Measures what only an experiment asks for: longer lists, withheld items, diversity. */
import { MAX_HISTORY_TEXTS } from '../config';
import type { HeldOut } from '../data/interactions';
import { nearestItems, withReserved } from '../decoding/cold-items';
import { AllowMask } from '../decoding/restricted-trie';
import { Rows } from '../math/rows';
import { historyDirection, type TextSpace } from '../text/text-space';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { LONG_LIST_SIZE, longListMetrics, type CategoryLevels, entropies } from './list-metrics';
import { type MetricValue, hitRank, plainMetric, prefixed, rankingMetrics, meanNdcg } from './metrics';
import { type PlanPass, type ComparedWeights, ofEachHead, testCases, type TestCase } from './test-lists';

/** Additional measurements of an experiment. */
export interface ExperimentOptions {
  /** The day of a split by date, in milliseconds since the epoch; absent: the ends of histories are held out. */
  readonly cut?: number;
  /** Item rows that were withheld from the histories, ascending. Empty: no metrics of withheld items. */
  readonly withheld: Int32Array;
  /** Whether to measure diversity and hits at several temperatures; needs categories. */
  readonly hasDiversity: boolean;
}

/** @returns The passes of an experiment, in the order in which they run; null: there are no categories, or nothing is withheld. */
export function planExperiment(
  ranker: HeldOutRanker,
  { hasCategories }: { readonly hasCategories: boolean },
  { withheld, hasDiversity }: ExperimentOptions,
  plan: PlanPass,
) {
  const { semanticIds } = ranker.input;
  const long = hasCategories ? plan({ first: LONG_LIST_SIZE, users: DIVERSITY_USERS }) : null;
  const cold = withheld.length === 0 ? null : { withheld, byDecoder: plan({}) };
  const points = hasDiversity && hasCategories ? diversityPoints(semanticIds[0]?.length ?? 0) : [];
  return { long, cold, sampled: points.map((point) => ({ point, pass: plan({ users: DIVERSITY_USERS }) })) };
}

export type ExperimentPasses = ReturnType<typeof planExperiment>;
type ColdPasses = NonNullable<ExperimentPasses['cold']>;

/** The model that an experiment measures, and the lists that it has made for the test users. */
export interface TestedModel {
  readonly ranker: HeldOutRanker;
  /** Null: no texts told the items apart. */
  readonly texts: TextSpace | null;
  /** Text vectors, one per item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly categories: CategoryLevels;
  readonly cases: readonly TestCase[];
  readonly weights: ComparedWeights;
}

/** Runs the passes. @returns The entropies of long lists, `cold.…` and `diversity.…`. */
export async function experimentMetrics(
  model: TestedModel,
  { long, cold, sampled }: ExperimentPasses,
): Promise<MetricValue[]> {
  const { ranker, categories, weights } = model;
  const metrics: MetricValue[] = [];
  if (long !== null) metrics.push(...(await longMetrics(ranker, long, categories, weights)));
  if (cold !== null) metrics.push(...(await coldMetrics(model, cold)));
  for (const { point, pass } of sampled) metrics.push(...(await diversityMetrics(ranker, point, pass, categories)));
  return metrics;
}

async function longMetrics(
  ranker: HeldOutRanker,
  pass: RankOptions,
  categories: CategoryLevels,
  weights: ComparedWeights,
): Promise<MetricValue[]> {
  const cases = await testCases(ranker, pass, weights);
  return ofEachHead(cases, (lists) => longListMetrics(lists, categories, ranker.input.seed));
}

async function coldMetrics(model: TestedModel, passes: ColdPasses): Promise<MetricValue[]> {
  const { ranker, cases, texts } = model;
  const withheldLists = {
    decoder: await coldByDecoder(ranker, passes),
    ...(texts && { 'content-knn': coldByTexts(texts, model, passes) }),
  };
  const lists = { cases, served: cases.map(({ served }) => served), withheldLists };
  return coldStartMetrics(lists, passes.withheld, ranker.input.seed);
}

const idsOf = (items: readonly { readonly itemId: number }[]) => items.map(({ itemId }) => itemId);

/** Ranks withheld items, which the item head does not know, by the decoder. */
function coldByDecoder(ranker: HeldOutRanker, { withheld, byDecoder: pass }: ColdPasses): Promise<number[][]> {
  const mask = new AllowMask(withheld);
  return ranker.rank({ ...pass, only: () => mask }, (_, candidates) => idsOf(candidates.found).slice(0, MAX_RESERVED));
}

/** Ranks them by their texts, as the server ranks cold items. */
function coldByTexts(
  texts: TextSpace,
  { vectors, cases }: Pick<TestedModel, 'vectors' | 'cases'>,
  { withheld }: ColdPasses,
): number[][] {
  const directions = new Rows(texts.directions(vectors), texts.size);
  const ofWithheld = new Map(Array.from(withheld, (item) => [item, directions.row(item)]));
  const query = new Float32Array(texts.size);
  return cases.map(({ history }) => {
    historyDirection(
      Array.from(history.slice(-MAX_HISTORY_TEXTS), (item) => directions.row(item)),
      query,
    );
    return idsOf(nearestItems(query, withheld, ofWithheld, MAX_RESERVED));
  });
}

/** How many places of a list are kept for withheld items, as the server keeps them for `coldStartShare`. */
const PLACES = [0, 1, 2];
/** How many withheld items per user are needed. */
export const MAX_RESERVED = Math.max(...PLACES);
const LIST_SIZE = 10;

/** Lists of item rows, one per user, in the order of the cases. */
export interface ColdStartLists {
  readonly cases: readonly HeldOut[];
  /** The lists that are served when no place is kept. */
  readonly served: readonly (readonly number[])[];
  /** Lists of withheld items alone, by the name of the method that ranks them. Their first items fill the places kept. */
  readonly withheldLists: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * Measures lists of ten in which `NAME` fills `n` places: `cold.NAME.reserved-n.recall@10` and `.ndcg@10` count the withheld targets
 * alone, over the users who have one; `cold.NAME.reserved-n.all.recall@10` and `.all.ndcg@10` are over all users.
 *
 * @param withheld - Item rows.
 */
export function coldStartMetrics(
  { cases, served, withheldLists }: ColdStartLists,
  withheld: Int32Array,
  seed: number,
): MetricValue[] {
  const isWithheld = new Set(withheld);
  const cold = cases.map(({ targets }) => targets.filter((item) => isWithheld.has(item)));
  const listsOf = (filler: readonly (readonly number[])[], places: number) =>
    served.map((list, i) => reserve(list, filler[i].slice(0, places)));
  const at10 = (ranks: readonly number[]) => rankingMetrics(ranks, seed).filter(({ name }) => name.endsWith('@10'));
  return [
    plainMetric('cold.items', withheld.length),
    plainMetric('cold.users', cold.filter((targets) => targets.length > 0).length),
    ...Object.entries(withheldLists).flatMap(([name, filler]) =>
      PLACES.flatMap((places) => {
        const lists = listsOf(filler, places);
        const ranks = lists.flatMap((list, i) => (cold[i].length === 0 ? [] : [hitRank(list, cold[i])]));
        const all = lists.map((list, i) => hitRank(list, cases[i].targets));
        return prefixed(`cold.${name}.reserved-${places}.`, [...at10(ranks), ...prefixed('all.', at10(all))]);
      }),
    ),
  ];
}

function reserve(list: readonly number[], reserved: readonly number[]): number[] {
  const entries = (rows: readonly number[]) => rows.map((itemId) => ({ itemId }));
  return withReserved(entries(list), entries(reserved), LIST_SIZE).map(({ itemId }) => itemId);
}

/** The first is plain search. */
const TEMPERATURES = [0, 0.5, 1, 1.5, 2] as const;
const CUTOFF = 10;
/** How many test users are ranked for each point, and for longer lists: entropies vary little from user to user, and each takes a pass. */
export const DIVERSITY_USERS = 2000;

/** One point of the curve. */
export interface DiversityPoint {
  /** `all`, or `level-L` where only that level is sampled. */
  readonly where: string;
  readonly temperature: number;
  /** One per code of an ID, including the collision token. */
  readonly temperatures: readonly number[];
}

/** @param idLength - Codes of an ID, the collision token included. There is no point at which only the collision token is sampled. */
export function diversityPoints(idLength: number): DiversityPoint[] {
  const levels = Array.from({ length: idLength }, (_, level) => level);
  const ofAll = TEMPERATURES.map((temperature) => ({
    where: 'all',
    temperature,
    temperatures: levels.map(() => temperature),
  }));
  const ofOne = levels.slice(0, -1).flatMap((level) =>
    TEMPERATURES.slice(1).map((temperature) => ({
      where: `level-${level}`,
      temperature,
      temperatures: levels.map((other) => (other === level ? temperature : 0)),
    })),
  );
  return [...ofAll, ...ofOne];
}

/**
 * Measures the lists of the decoder alone, since only it samples.
 *
 * @param options - For the pass over the users; the point's temperatures are added.
 * @returns `diversity.WHERE.T.entropy@10`, `….subcategory-entropy@10` where there are two levels of categories, and `….ndcg@10`.
 */
export async function diversityMetrics(
  ranker: HeldOutRanker,
  { where, temperature, temperatures }: DiversityPoint,
  options: RankOptions,
  categories: CategoryLevels,
): Promise<MetricValue[]> {
  const users = await ranker.rank({ ...options, temperature: temperatures }, ({ targets }, candidates) => {
    const list = idsOf(candidates.found).slice(0, CUTOFF);
    return { list, rank: hitRank(list, targets) };
  });
  if (users.length === 0) return [];
  const point = `diversity.${where}.${temperature}`;
  const varieties = entropies(categories).map(({ name, entropyOf }) => {
    const sum = users.reduce((total, { list }) => total + entropyOf(list), 0);
    return plainMetric(`${point}.${name}@${CUTOFF}`, sum / users.length);
  });
  return [...varieties, plainMetric(`${point}.ndcg@${CUTOFF}`, meanNdcg(users.map(({ rank }) => rank)))];
}
