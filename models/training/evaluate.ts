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

/** @returns A trie in which item row r is item r. */
export function trieOfRows(semanticIds: readonly SemanticId[], width: number): Trie {
  const depth = semanticIds[0]?.length ?? 2;
  const codes = new Int32Array(semanticIds.length * depth);
  semanticIds.forEach((id, row) => codes.set(id, row * depth));
  return Trie.build({ depth, width, itemIds: Int32Array.from(semanticIds.keys()), codes });
}

/** What the heads make of a user, and what came next. */
export interface RankedCase extends HeldOut {
  readonly candidates: Candidates;
}

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
    const found = await tiger.candidates(
      chunk.map((one) => toRequest(one, input, trie, options.beamSize)),
      catalogue,
    );
    ranked.push(...found.map((candidates, i) => ({ ...chunk[i], candidates })));
    options.onProgress?.(ranked.length, cases.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ranked;
}

/** The list of 20 that each way of ranking makes of a user's candidates. */
export const RANKINGS = {
  generated: ({ generated }: Candidates) => generated.slice(0, LIST_SIZE),
  'item-head': ({ retrieved }: Candidates) => (retrieved ?? []).slice(0, LIST_SIZE),
  fused: (candidates: Candidates) => fuse(candidates, 0.5).slice(0, LIST_SIZE),
};

export function ranksOf(cases: readonly RankedCase[], ranking: keyof typeof RANKINGS): number[] {
  return cases.map(({ candidates, targets }) =>
    hitRank(
      RANKINGS[ranking](candidates).map(({ itemId }) => itemId),
      targets,
    ),
  );
}

/**
 * The table of one finished configuration: the model's metrics and, under `floor.NAME.METRIC`, each floor's, all on the same
 * users of the part, with 95 % intervals over users.
 */
export async function evaluateTiger(
  tiger: Tiger,
  input: EvaluationInput,
  part: SplitPart,
  options: RankOptions,
): Promise<MetricValue[]> {
  const cases = heldOut(input.log, input.split, part);
  const numItems = input.semanticIds.length;
  const ranked = await rankHeldOut(tiger, input, part, options);
  const lists = ranked.map(({ candidates }) => RANKINGS.fused(candidates).map(({ itemId }) => itemId));
  const ranks = ranksOf(ranked, 'fused');
  const metrics = [
    ...rankingMetrics(ranks, input.seed),
    plain('coverage@10', coverage(lists, numItems, 10)),
    plain('users', cases.length),
  ];
  for (const [name, scorer] of fitFloors(input.log, input.split, numItems)) {
    const floorRanks = rankFloor(scorer, cases, numItems, LIST_SIZE).map((list, i) => hitRank(list, cases[i].targets));
    metrics.push(
      ...rankingMetrics(floorRanks, input.seed).map((metric) => ({ ...metric, name: `floor.${name}.${metric.name}` })),
    );
  }
  return metrics;
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
