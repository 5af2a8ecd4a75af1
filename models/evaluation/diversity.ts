/** Measures what sampling does to lists at each temperature: how diverse they are, and how many hits they lose. */
import { byDecoder } from './head-ranks';
import type { HeldOutRanker, RankOptions } from './held-out-ranker';
import { entropies, type CategoryLevels } from './list-metrics';
import { hitRank, meanNdcg, plainMetric, type MetricValue } from './metrics';

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
    const list = byDecoder(candidates).slice(0, CUTOFF);
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
