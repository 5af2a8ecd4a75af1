/** Finds the items of a history that count most for a recommendation: each is left out once, and the list's model scores the item again. */
import type { BecauseRecord } from '../../graphql/recommendation/records';
import { type KindRules, KINDS } from '../../models/data/kinds';
import { kindOfRun, runsOf } from '../../models/data/log-changes';
import type { RecommendOne, VersionedList } from '../workers/messages';

/** Each of them takes as long as a list: the newest are tried alone, and older ones hardly count. */
const MAX_TRIED = 20;

type Scoring = Pick<RecommendOne, 'userKey' | 'history' | 'times' | 'kinds' | 'counts' | 'at' | 'isSeenKept'>;

/**
 * Asks for the scores of some items, by all parts of the model: a list of them alone. Its beam holds them all, so that the decoder's
 * probability of each is exact.
 */
export function scoresOf(itemIds: readonly number[], subject: Scoring): RecommendOne {
  const first = itemIds.length;
  return {
    ...subject,
    ...{ first, beamWidth: first, temperature: 0, seed: 0 },
    ...{ allow: { id: null, itemIds: Int32Array.from(itemIds) }, deny: new Int32Array(0) },
  };
}

/** @returns The request as it is, then without each of the newest items of its history. */
export function leavingEachOut(request: RecommendOne, rules: KindRules): RecommendOne[] {
  return [request, ...triedItems(request).map((itemId) => without(itemId, request, rules))];
}

/**
 * @param lists - One for each request of `leavingEachOut`.
 * @returns Item id → the items of the history without which it would be less likely, those that count most first.
 */
export function becauseOf(request: RecommendOne, lists: readonly VersionedList[]): Map<number, BecauseRecord[]> {
  const [whole, ...others] = lists.map(({ recommendations }) => scoresById(recommendations));
  const tried = triedItems(request).map((itemId, i) => ({ ...newestOf(itemId, request), scores: others[i] }));
  const because = (itemId: number, score: number) =>
    tried
      .map(({ scores, ...event }) => ({ ...event, drop: dropFrom(score, scores.get(itemId)) }))
      .filter(({ drop }) => drop === null || drop > 0)
      .sort((a, b) => (b.drop ?? 0) - (a.drop ?? 0));
  return new Map(Array.from(whole, ([itemId, score]) => [itemId, because(itemId, score)]));
}

/** Without its only item a history has no score. */
function dropFrom(score: number, without: number | undefined): number | null {
  return without === undefined ? null : score - without;
}

/** @returns Newest first, each once. */
function triedItems({ history }: Pick<RecommendOne, 'history'>): number[] {
  return [...new Set(history.toReversed())].slice(0, MAX_TRIED);
}

/** Neighbours of the item that is left out may be one run now. */
function without(itemId: number, request: RecommendOne, rules: KindRules): RecommendOne {
  const stays = (_: unknown, position: number) => request.history[position] !== itemId;
  const ofRequest = [request.history, request.times, request.kinds, request.counts];
  const [items, times, kinds, counts] = ofRequest.map((each) => each.filter(stays));
  const runs = runsOf(items, (at) => times[at]);
  return {
    ...request,
    history: runs.map(({ end }) => items[end - 1]),
    times: runs.map(({ end }) => times[end - 1]),
    kinds: runs.map((run) => kindOfRun(run, (at) => kinds[at], rules)),
    counts: runs.map(({ begin, end }) => counts.slice(begin, end).reduce((sum, count) => sum + count, 0)),
  };
}

function newestOf(itemId: number, { history, times, kinds }: RecommendOne): Omit<BecauseRecord, 'drop'> {
  const position = history.lastIndexOf(itemId);
  return { itemId, kind: KINDS[kinds[position]], at: new Date(times[position]) };
}

function scoresById(recommendations: VersionedList['recommendations']): Map<number, number> {
  return new Map(recommendations.map(({ itemId, score }) => [itemId, score]));
}
