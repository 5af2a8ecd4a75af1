/** Full ranking of held-out interactions: the model's lists and the floors', item by item, seen items left out. */
import { fuse, type Candidates } from '../decoding/fusion';
import { Trie } from '../decoding/trie';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Tiger, TigerRequest } from '../tiger-model';
import { fitFloors, rankFloor } from './floors';
import { heldOut, type HeldOut, type InteractionLog, type Split, type SplitPart } from './interactions';
import { coverage, hitRank, rankingMetrics, type MetricValue } from './metrics';

/** Items a list; the largest cutoff of the metrics. */
const LIST_SIZE = 20;
/** Users that are ranked between two reports. */
const CHUNK = 32;
/** Shares of the item head that are tried on validation. */
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export interface EvaluationInput {
  readonly log: InteractionLog;
  readonly split: Split;
  /** Of each item row. */
  readonly semanticIds: readonly SemanticId[];
  /** Codes a level, K. */
  readonly width: number;
  readonly seed: number;
}

export interface RankOptions {
  readonly beamSize: number;
  /** Only so many users, evenly spread; absent: all. */
  readonly users?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What the model makes of a user, and what came next. */
export interface RankedCase extends HeldOut {
  readonly candidates: Candidates;
}

/** @returns A trie in which item row r is item r. */
export function trieOfRows(semanticIds: readonly SemanticId[], width: number): Trie {
  const depth = semanticIds[0]?.length ?? 2;
  const codes = new Int32Array(semanticIds.length * depth);
  semanticIds.forEach((id, row) => codes.set(id, row * depth));
  return Trie.build({ depth, width, itemIds: Int32Array.from(semanticIds.keys()), codes });
}

/** @returns Candidates of every user that has something held out in that part. */
export async function rankHeldOut(
  tiger: Tiger,
  input: EvaluationInput,
  part: SplitPart,
  options: RankOptions,
): Promise<RankedCase[]> {
  const cases = spread(heldOut(input.log, input.split, part), options.users);
  const trie = trieOfRows(input.semanticIds, input.width);
  const catalogue = { trie, get: (item: number) => input.semanticIds[item] };
  const ranked: RankedCase[] = [];
  for (let at = 0; at < cases.length; at += CHUNK) {
    options.signal?.throwIfAborted();
    const chunk = cases.slice(at, at + CHUNK);
    const requests = chunk.map((one) => toRequest(one, input, trie, options.beamSize));
    const found = await tiger.candidates(requests, catalogue);
    ranked.push(...found.map((candidates, i) => ({ ...chunk[i], candidates })));
    options.onProgress?.(ranked.length, cases.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ranked;
}

/**
 * The item head's share in the fusion that does best on validation, by NDCG@10; of equal ones the smaller.
 *
 * @returns 0 for a model without an item head.
 */
export function chooseShare(validation: readonly RankedCase[]): number {
  if (validation.every(({ candidates }) => candidates.retrieved === null)) return 0;
  const figures = SHARES.map((share) => ndcg(ranksOf(validation, fusedBy(share))));
  return SHARES[figures.indexOf(Math.max(...figures))];
}

/** NDCG@10 of ranks from `hitRank`. */
export function ndcg(ranks: readonly number[]): number {
  return rankingMetrics(ranks, 0).find(({ name }) => name === 'ndcg@10')!.value;
}

/** A way to make one list, of item rows, from what the heads say. */
export type Ranking = (candidates: Candidates) => number[];

export const byDecoder: Ranking = ({ generated }) => generated.map(({ itemId }) => itemId).slice(0, LIST_SIZE);
export const byItemHead: Ranking = ({ retrieved }) => (retrieved ?? []).map(({ itemId }) => itemId).slice(0, LIST_SIZE);

export function fusedBy(share: number): Ranking {
  return (candidates) =>
    fuse(candidates, share)
      .slice(0, LIST_SIZE)
      .map(({ itemId }) => itemId);
}

/** @returns Ranks of the targets in the lists, one a user: see `hitRank`. */
export function ranksOf(cases: readonly RankedCase[], ranking: Ranking): number[] {
  return cases.map(({ candidates, targets }) => hitRank(ranking(candidates), targets));
}

/**
 * The table of one finished configuration: the metrics of what is served, under `decoder.…` and `item-head.…` those of each
 * head alone and under `floor.NAME.…` each floor's, all on the same users, with 95 % intervals over users.
 *
 * @param share - The item head's, from `chooseShare`.
 */
export function testMetrics(ranked: readonly RankedCase[], input: EvaluationInput, share: number): MetricValue[] {
  const numItems = input.semanticIds.length;
  const served = fusedBy(share);
  const lists = ranked.map(({ candidates }) => served(candidates));
  const hasItemHead = ranked.some(({ candidates }) => candidates.retrieved !== null);
  const figuresOf = (ranks: readonly number[], prefix = '') =>
    rankingMetrics(ranks, input.seed).map((metric) => ({ ...metric, name: `${prefix}${metric.name}` }));
  return [
    ...figuresOf(ranksOf(ranked, served)),
    ...(hasItemHead ? figuresOf(ranksOf(ranked, byDecoder), 'decoder.') : []),
    ...(hasItemHead ? figuresOf(ranksOf(ranked, byItemHead), 'item-head.') : []),
    plain('item-head.share', share),
    plain('coverage@10', coverage(lists, numItems, 10)),
    plain('users', ranked.length),
    ...Array.from(fitFloors(input.log, input.split, numItems)).flatMap(([name, scorer]) => {
      const floorLists = rankFloor(scorer, ranked, numItems, LIST_SIZE);
      const ranks = floorLists.map((list, i) => hitRank(list, ranked[i].targets));
      return figuresOf(ranks, `floor.${name}.`);
    }),
  ];
}

function toRequest({ user, history }: HeldOut, input: EvaluationInput, trie: Trie, beamSize: number): TigerRequest {
  const { semanticIds, log } = input;
  const codes = Int32Array.from(Array.from(history).flatMap((item) => semanticIds[item]));
  return {
    userKey: log.userKeys[user],
    history: Array.from(history, (item) => ({ itemId: item, codes: semanticIds[item] })),
    first: LIST_SIZE,
    beamSize,
    temperature: 0,
    seed: 0,
    view: trie.restrict({ deny: { itemIds: history, codes } }),
  };
}

function spread<T>(cases: readonly T[], limit = Infinity): readonly T[] {
  if (cases.length <= limit) return cases;
  return Array.from({ length: limit }, (_, i) => cases[Math.floor((i * cases.length) / limit)]);
}

function plain(name: string, value: number): MetricValue {
  return { name, value, low: null, high: null };
}
