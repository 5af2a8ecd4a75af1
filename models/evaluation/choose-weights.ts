/** Chooses on validation how the evidence reads a history, and how much each part of a list counts. */
import type { HeldOut } from '../data/interactions';
import type { KindRules } from '../data/kinds';
import type { Evidence } from '../decoding/evidence/evidence';
import { Neighbours, type NeighbourSource } from '../decoding/evidence/neighbours';
import { Repeats, type RepeatWeights } from '../decoding/evidence/repeats';
import {
  type Candidates,
  type ListWeights,
  mixtureOf,
  type Part,
  PARTS,
  type Shares,
  sharesBy,
} from '../decoding/mixture';
import { rankTopK } from '../math/top-k';
import { bestOf, departs, hitRank, isClearlyBetter, LIST_SIZE, meanNdcg } from './metrics';

/** NDCG@10 reads so much of a list. */
const LENGTH = 10;

/** Users whose lists are made by one evidence alone, and whether these may have hidden items. */
export interface EvidenceUsers {
  readonly cases: readonly HeldOut[];
  readonly isSeenKept: boolean;
  readonly signal: AbortSignal;
}

/** @returns Whether lists without seen items may have items of a history: those of kinds that hide nothing, such as views. */
export function hasOwnItems(cases: readonly HeldOut[]): boolean {
  return cases.some(({ history, hidden }) => hidden.length < history.length);
}

/** From shops where only the last items count to shops where a whole history does. */
const DECAYS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1];
export const PRIOR_DECAY = 0.9;

/** @returns The decay with which the neighbours alone have the best NDCG@10, and the users' ranks with it. */
export function chooseDecay(table: NeighbourSource, users: EvidenceUsers): { decay: number; ranks: readonly number[] } {
  const { value, ranks } = chooseBy(DECAYS, PRIOR_DECAY, (decay) => new Neighbours(table, decay), users);
  return { decay: value, ranks };
}

const AGEING = [0, 0.3, 0.5, 0.7, 1, 1.5, 2, 3];
const KIND_POWERS = [0, 0.5, 1];
const REPEATS: readonly RepeatWeights[] = AGEING.flatMap((ageing) => KIND_POWERS.map((kinds) => ({ ageing, kinds })));
export const PRIOR_REPEATS = REPEATS.find(({ ageing, kinds }) => ageing === 0.5 && kinds === 0)!;

/**
 * Many weights are about as good, so the prior ones hold unless the best are clearly better.
 *
 * @returns How the user's own items are weighed so that they alone have the best NDCG@10, and the users' ranks with it.
 */
export function chooseRepeats(
  users: EvidenceUsers,
  rules: KindRules,
): { repeats: RepeatWeights; ranks: readonly number[] } {
  const evidenceOf = (weights: RepeatWeights) => new Repeats(weights, rules);
  const { value, ranks, ofPrior } = chooseBy(REPEATS, PRIOR_REPEATS, evidenceOf, users);
  return isClearlyBetter(ranks, ofPrior) ? { repeats: value, ranks } : { repeats: PRIOR_REPEATS, ranks: ofPrior };
}

function chooseBy<T>(values: readonly T[], prior: T, evidenceOf: (value: T) => Evidence, users: EvidenceUsers) {
  const tried = values.map((value) => evidenceRanks(evidenceOf(value), users));
  const ofPrior = values.indexOf(prior);
  const best = bestOf(tried, ofPrior);
  return { value: values[best], ranks: tried[best], ofPrior: tried[ofPrior] };
}

/** @returns The rank of the first target in each user's list by one evidence alone. */
export function evidenceRanks(evidence: Evidence, users: EvidenceUsers): number[] {
  return evidenceLists(evidence, users, LENGTH).map((list, i) => hitRank(list, users.cases[i].targets));
}

/** @returns Item rows, best first; fewer where the evidence knows fewer. */
export function evidenceLists(
  evidence: Evidence,
  { cases, isSeenKept, signal }: EvidenceUsers,
  length = LIST_SIZE,
): number[][] {
  return cases.map(({ history: items, hidden, ...read }) => {
    signal.throwIfAborted();
    const found = evidence.probabilities({ items, ...read });
    const known = Array.from(found.keys());
    const left = new Set(isSeenKept ? [] : hidden);
    const best = rankTopK(Float64Array.from(found.values()), length, (position) => !left.has(known[position]));
    return best.map((position) => known[position]);
  });
}

/** A user, with what each part says. */
export interface JudgedUser {
  readonly candidates: Candidates;
  /** Item ids; any of them is a hit. */
  readonly targets: ArrayLike<number>;
}

/** Shares of one part that are tried, while the others keep their proportions. */
const SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98];
const TEXT_WEIGHTS = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8];
/** Rounds over all weights; the third changes little. */
const ROUNDS = 3;

/** Weights that serve most shops; they hold where validation says little. */
const PRIOR: ListWeights = {
  shares: { decoder: 0.05, itemHead: 0.2, neighbours: 0.2, repeats: 0, popularity: 0.15, uniform: 0.4 },
  textWeight: 2,
};
/** The same in lists with seen items, where the user's own items come first. */
const SEEN_KEPT_PRIOR: Shares = {
  decoder: 0.05,
  itemHead: 0.05,
  neighbours: 0.15,
  repeats: 0.6,
  popularity: 0.05,
  uniform: 0.1,
};
/** The parts that nothing learns. */
export const EVIDENCE = ['neighbours', 'repeats', 'popularity', 'uniform'] as const satisfies readonly Part[];

export interface ChosenWeights {
  /** Weights of the lists that are served. */
  readonly served: ListWeights;
  /** Weights of lists by the evidence alone. */
  readonly evidence: ListWeights;
}

/** Finds the weights with the best NDCG@10. Where the evidence alone is clearly better, the heads have no share in the lists. */
export function chooseWeights(users: readonly JudgedUser[], isSeenKept: boolean): ChosenWeights {
  const evidence = bestWeights(users, EVIDENCE, isSeenKept);
  const all = bestWeights(users, PARTS, isSeenKept);
  const served = isClearlyBetter(evidence.ranks, all.ranks) ? evidence : all;
  return { served: withTrace(served.weights), evidence: evidence.weights };
}

/** The decoder alone knows every item that has a semantic ID: a trace of it orders the items of which no other part says anything. */
const TRACE = 1e-6;

function withTrace({ shares, textWeight }: ListWeights): ListWeights {
  return { shares: { ...shares, decoder: Math.max(TRACE, shares.decoder) }, textWeight };
}

/**
 * Finds the best weights of some parts, one after the other.
 *
 * @param parts - The parts that may have a share; the others have 0.
 * @returns The prior weights of these parts where users are few and no others are clearly better.
 */
export function bestWeights(users: readonly JudgedUser[], parts: readonly Part[], isSeenKept = false): Judged {
  const judge = (weights: ListWeights): Judged => ({ weights, ranks: mixtureRanks(users, weights) });
  const { present, hasTexts } = presentIn(users, parts);
  const prior = judge(priorOf(present, hasTexts, isSeenKept));
  let best = prior;
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    const { weights } = best;
    if (hasTexts)
      best = bestWith(
        best,
        TEXT_WEIGHTS.map((textWeight) => ({ ...weights, textWeight })),
        judge,
      );
    for (const part of present)
      best = bestWith(
        best,
        SHARES.flatMap((share) => withShare(best.weights, part, share)),
        judge,
      );
    if (best === before) break;
  }
  return departs(best.ranks, prior.ranks) ? best : prior;
}

/** @returns The rank of the first target in each user's list. */
export function mixtureRanks(users: readonly JudgedUser[], weights: ListWeights, length = LENGTH): number[] {
  return users.map(({ candidates, targets }) => hitRank(mixtureList(candidates, weights, length), targets));
}

/** @returns Item ids, best first. */
export function mixtureList(candidates: Candidates, weights: ListWeights, length: number): number[] {
  const values = mixtureOf(candidates, weights);
  return rankTopK(values, length, (at) => values[at] > 0).map((at) => candidates.itemIds[at]);
}

export interface Judged {
  readonly weights: ListWeights;
  readonly ranks: readonly number[];
}

function presentIn(users: readonly JudgedUser[], parts: readonly Part[]) {
  const all = users.map(({ candidates }) => candidates);
  return {
    present: parts.filter((part) => all.some(({ probabilities }) => probabilities[part] !== undefined)),
    hasTexts: all.some(({ cosines }) => cosines !== null),
  };
}

/** @returns The prior weights of these parts, whose shares sum to 1. */
export function priorOf(parts: readonly Part[], hasTexts: boolean, isSeenKept = false): ListWeights {
  const prior = isSeenKept ? SEEN_KEPT_PRIOR : PRIOR.shares;
  const total = parts.reduce((sum, part) => sum + prior[part], 0);
  const shares = sharesBy((part) => (!parts.includes(part) ? 0 : total > 0 ? prior[part] / total : 1 / parts.length));
  return { shares, textWeight: hasTexts ? PRIOR.textWeight : 0 };
}

/** The present weights hold unless the best are clearly better: else a small shop's weights would follow the chance of its few users. */
function bestWith(now: Judged, tried: readonly ListWeights[], judge: (weights: ListWeights) => Judged): Judged {
  const best = tried.map(judge).reduce((a, b) => (meanNdcg(b.ranks) > meanNdcg(a.ranks) ? b : a), now);
  return isClearlyBetter(best.ranks, now.ranks) ? best : now;
}

/** @returns The weights with one share changed and the others in their proportions; none: that is no change. */
function withShare({ shares, textWeight }: ListWeights, part: Part, share: number): ListWeights[] {
  const others = 1 - shares[part];
  if (share === shares[part] || !(others > 0)) return [];
  const scale = (1 - share) / others;
  return [{ shares: sharesBy((one) => (one === part ? share : shares[one] * scale)), textWeight }];
}
