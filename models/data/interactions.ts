/** Users' histories as flat arrays, and the split into training, validation and test. */
import { MAX_TRAINED_HISTORY, MEASURED_USERS } from '../config';
import { evenlySpread } from '../math/arrays';
import { createRandom, type Random } from '../math/random';
import { isBought, type KindRules, ruleOf } from './kinds';

/** User u has interactions `offsets[u] … offsets[u + 1] − 1`, oldest first. */
export interface InteractionLog {
  readonly userKeys: readonly string[];
  /** int32 `[users + 1]`. */
  readonly offsets: Int32Array;
  /** Row of the item of each interaction. */
  readonly items: Int32Array;
  /** Milliseconds since the epoch; interactions of one user at one time are a basket. */
  readonly times: Float64Array;
  /** Index into `KINDS` of each interaction. */
  readonly kinds: Uint8Array;
  /** Events that each interaction stands for: the length of its run, see `runsOf`. */
  readonly counts: Int32Array;
  readonly rules: KindRules;
}

/** Interactions in a row; one entry each. */
export type Events = Pick<InteractionLog, 'items' | 'times' | 'kinds' | 'counts'>;

export function eventsOf({ items, times, kinds, counts }: Events, from: number, to: number): Events {
  return {
    items: items.subarray(from, to),
    times: times.subarray(from, to),
    kinds: kinds.subarray(from, to),
    counts: counts.subarray(from, to),
  };
}

/**
 * The split of each user's history: training ends before `trainEnd`, validation before `validationEnd`, test at the last interaction, or by
 * date at the first one after `dates.end`.
 */
export interface Split {
  readonly rule: 'leave-one-out' | 'last-basket' | 'by-date';
  /** int32 `[users]`, positions in the log. */
  readonly trainEnd: Int32Array;
  readonly validationEnd: Int32Array;
  /** Absent: the split is not by date. */
  readonly dates?: SplitDates;
  /** How many users each part has at most, evenly spread; absent: all. */
  readonly mostMeasured?: Readonly<Record<SplitPart, number>>;
}

export interface SplitDates {
  /** When validation and test begin and when test ends, in milliseconds since the epoch. */
  readonly validation: number;
  readonly test: number;
  readonly end: number;
  /** Whether events of any kind are targets, since nothing was ever bought; else purchases alone. */
  readonly isAnyKind: boolean;
}

export type SplitPart = 'validation' | 'test';

/** This many interactions at one time, or more, are a basket; the order inside a basket counts as noise. */
const BASKET_SIZE = 3;
/** When this share of a user's interactions is in baskets, on average over the users, or more, whole baskets are held out. */
const MIN_SHARE_IN_BASKETS = 0.5;
/** When a smaller share of the users has a second basket, those few do not stand for the others, and last items are held out after all. */
const MIN_TESTED_SHARE = 0.05;

/**
 * Holds out the end of each history. Leave-one-out: the last item is for test, the one before it for validation. Where histories
 * consist of baskets, these are the last basket and the one before it. A user with too few has no test, then no validation.
 */
export function splitLog(log: InteractionLog): Split {
  if (!hasBaskets(log)) return splitBy('leave-one-out', log);
  const byBasket = splitBy('last-basket', log);
  const tested = byBasket.validationEnd.filter((end, user) => end < log.offsets[user + 1]).length;
  return tested < MIN_TESTED_SHARE * log.userKeys.length ? splitBy('leave-one-out', log) : byBasket;
}

/** Where users are few, a third of those with something to hold out is for test, a third for validation, and a third all for training. */
const PARTS = 3;

/**
 * Holds out the ends of some histories only, drawn by the seed: as many as the figures need, each for validation or for test. All other
 * histories are learned whole. Leave-one-out would leave nothing of a history of three.
 */
export function holdOutSome(log: InteractionLog, seed: number): Split {
  const { rule, validationEnd: lastUnit } = splitLog(log);
  const ends = log.offsets.slice(1);
  const split = { rule, trainEnd: ends.slice(), validationEnd: ends.slice() };
  const users = Int32Array.from(ends.keys()).filter((user) => lastUnit[user] < ends[user]);
  createRandom(seed).shuffle(users);
  const most = Math.floor(users.length / PARTS);
  const ofTest = users.subarray(0, Math.min(most, MEASURED_USERS.test));
  const ofValidation = users.subarray(ofTest.length, ofTest.length + Math.min(most, MEASURED_USERS.validation));
  for (const user of ofTest) split.validationEnd[user] = lastUnit[user];
  for (const user of [...ofTest, ...ofValidation]) split.trainEnd[user] = lastUnit[user];
  return split;
}

/** @returns Whether a training predicts whole baskets. By date, days without an order may be baskets. */
export function learnsBaskets(log: InteractionLog, { rule, trainEnd }: Split): boolean {
  return rule === 'last-basket' || (rule === 'by-date' && hasBaskets(log, trainEnd));
}

/**
 * @param ends - The part of each history that tells; absent: all.
 * @returns Whether histories are made of baskets. Each user counts once, so that one with thousands of events decides for nobody else.
 */
export function hasBaskets(log: InteractionLog, ends = log.offsets.subarray(1)): boolean {
  let [shares, users] = [0, 0];
  for (let user = 0; user < log.userKeys.length; user++) {
    if (ends[user] - log.offsets[user] < 2) continue; // one interaction alone says nothing
    shares += basketShare(log.times, log.offsets[user], ends[user]);
    users++;
  }
  return users > 0 && shares >= MIN_SHARE_IN_BASKETS * users;
}

function basketShare(times: Float64Array, start: number, end: number): number {
  let inBaskets = 0;
  for (const [from, to] of simultaneous(times, start, end)) if (to - from >= BASKET_SIZE) inBaskets += to - from;
  return inBaskets / (end - start);
}

/** @returns The first and the end of the positions of each time between `start` and `end`, one time after the other. */
export function* simultaneous(times: Float64Array, start: number, end: number): Generator<[from: number, to: number]> {
  for (let from = start, to; from < end; from = to) {
    to = from + 1;
    while (to < end && times[to] === times[from]) to++;
    yield [from, to];
  }
}

/** The rules that hold out the end of each history. */
type EndRule = Exclude<Split['rule'], 'by-date'>;

function splitBy(rule: EndRule, log: InteractionLog): Split {
  const users = log.userKeys.length;
  const split = { rule, trainEnd: new Int32Array(users), validationEnd: new Int32Array(users) };
  for (let user = 0; user < users; user++) {
    const [start, end] = [log.offsets[user], log.offsets[user + 1]];
    const validationEnd = lastUnitOf(rule, log, start, end);
    const trainEnd = lastUnitOf(rule, log, start, validationEnd);
    // Held-out interactions are predicted from those before them, so a user with one basket is for training only.
    split.validationEnd[user] = validationEnd > start ? validationEnd : end;
    split.trainEnd[user] = validationEnd > start && trainEnd > start ? trainEnd : split.validationEnd[user];
  }
  return split;
}

/** @returns Where the last interaction before `end` begins, or the last basket. */
function lastUnitOf(rule: EndRule, log: InteractionLog, start: number, end: number): number {
  return Math.max(start, rule === 'last-basket' ? basketStart(log, start, end) : end - 1);
}

/**
 * For a choice that needs no trained model: more users tell than validate in a split whose model is to serve.
 *
 * @returns The same split, with the end of each history before its test for validation. After `splitLog`, and by date, that is the split
 *   itself.
 */
export function everyoneValidates(log: InteractionLog, split: Split): Split {
  const { rule, validationEnd } = split;
  if (rule === 'by-date') return split;
  const trainEnd = validationEnd.map((end, user) => {
    const last = lastUnitOf(rule, log, log.offsets[user], end);
    return last > log.offsets[user] ? last : end;
  });
  return { rule, trainEnd, validationEnd };
}

/** A user to evaluate: what is known, and what comes next. */
export interface HeldOut {
  readonly user: number;
  /** Item rows, oldest first. */
  readonly history: Int32Array;
  /** Time of each of `history`, in milliseconds since the epoch. */
  readonly times: Float64Array;
  /** Kind of each of `history`: see `KINDS`. */
  readonly kinds: Uint8Array;
  /** Events that each of `history` stands for. */
  readonly counts: Int32Array;
  /** Item rows of `history` that lists without seen items leave out: see `KindRule.hidesItem`. */
  readonly hidden: Int32Array;
  /** When the list is asked for, in milliseconds since the epoch: the time of the first target; by date, the beginning of the part. */
  readonly at: number;
  /** Item rows; any of them is a hit. */
  readonly targets: Int32Array;
}

/**
 * Targets by date are the items that were bought, each once.
 *
 * @param isSeenKept - Whether hidden targets count. Lists without seen items can never have them.
 * @returns The users that have a target in that part, in order.
 */
export function heldOut(log: InteractionLog, split: Split, part: SplitPart, isSeenKept = false): HeldOut[] {
  const cases: HeldOut[] = [];
  for (let user = 0; user < log.userKeys.length; user++) {
    const start = log.offsets[user];
    const from = part === 'test' ? split.validationEnd[user] : split.trainEnd[user];
    const to = part === 'test' ? log.offsets[user + 1] : split.validationEnd[user];
    if (from === start) continue; // nothing can be predicted from an empty history
    const { items: history, times, kinds, counts } = eventsOf(log, start, from);
    const targets = targetsBetween(log, split, part, from, to);
    const at = split.dates?.[part] ?? log.times[from];
    const hidden = history.filter((_, i) => ruleOf(kinds[i], log.rules).hidesItem);
    if (targets.length > 0) cases.push({ user, history, times, kinds, counts, hidden, at, targets });
  }
  const measured = evenlySpread(cases, split.mostMeasured?.[part] ?? Infinity);
  const withTargets = isSeenKept ? measured : measured.map(withOpenTargets);
  return withTargets.filter(({ targets }) => targets.length > 0);
}

function targetsBetween(log: InteractionLog, { dates }: Split, part: SplitPart, from: number, to: number): Int32Array {
  const { items, times, kinds } = eventsOf(log, from, to);
  if (dates === undefined) return items;
  const end = part === 'test' ? dates.end : dates.test;
  return Int32Array.from(new Set(items.filter((_, i) => times[i] < end && (dates.isAnyKind || isBought(kinds[i])))));
}

function withOpenTargets(one: HeldOut): HeldOut {
  return { ...one, targets: openTargets(one) };
}

function openTargets({ targets, hidden }: Pick<HeldOut, 'targets' | 'hidden'>): Int32Array {
  const left = new Set(hidden);
  return targets.filter((item) => !left.has(item));
}

/**
 * Where a larger share of the test's targets are repeats, lists without seen items miss most of what users do next. Lists with seen items
 * tell how good a model is there.
 */
export const MANY_REPEATS = 0.5;

/** @param metrics - A model version's. */
export function hasManyRepeats(metrics: readonly { readonly name: string; readonly value: number }[]): boolean {
  return metrics.some(({ name, value }) => name === 'targets.repeated' && value > MANY_REPEATS);
}

/** @returns The share of the test's targets that are repeats of hidden items; null: there are no targets. */
export function repeatedShare(log: InteractionLog, split: Split): number | null {
  let [all, open] = [0, 0];
  for (const one of heldOut(log, split, 'test', true)) {
    all += one.targets.length;
    open += openTargets(one).length;
  }
  return all === 0 ? null : 1 - open / all;
}

/** @returns The first and the end of the positions that a training reads of a user: the newest of the training part. */
export function trainingPart({ offsets }: InteractionLog, { trainEnd }: Split, user: number): [number, number] {
  return [Math.max(offsets[user], trainEnd[user] - MAX_TRAINED_HISTORY), trainEnd[user]];
}

/** @returns How often each item row occurs in what a training reads, by the weights of the kinds; float64 `[N]`. */
export function trainingCounts(log: InteractionLog, split: Split, numItems: number): Float64Array {
  const counts = new Float64Array(numItems);
  for (let user = 0; user < log.userKeys.length; user++) {
    const [start, end] = trainingPart(log, split, user);
    for (let at = start; at < end; at++) counts[log.items[at]] += ruleOf(log.kinds[at], log.rules).weight;
  }
  return counts;
}

/** @returns The share of the test's targets that no training reads; 0: there are no targets. */
export function coldShare(log: InteractionLog, split: Split, numItems: number): number {
  const counts = trainingCounts(log, split, numItems);
  let [all, cold] = [0, 0];
  for (const { targets } of heldOut(log, split, 'test', true)) {
    all += targets.length;
    cold += targets.filter((item) => counts[item] === 0).length;
  }
  return cold / Math.max(1, all);
}

/** @returns The log in which each user's interactions of one time are in a random order. */
export function shuffleTies(log: InteractionLog, random: Random): InteractionLog {
  const order = Int32Array.from(log.items.keys());
  for (let user = 0; user < log.userKeys.length; user++)
    for (const [from, to] of simultaneous(log.times, log.offsets[user], log.offsets[user + 1]))
      random.shuffle(order.subarray(from, to));
  const [items, counts] = [log.items, log.counts].map((values) => order.map((at) => values[at]));
  return { ...log, items, counts, kinds: log.kinds.map((_, at) => log.kinds[order[at]]) };
}

/** Start of the basket that ends before `position`. */
function basketStart(log: InteractionLog, start: number, position: number): number {
  let at = position - 1;
  while (at > start && log.times[at - 1] === log.times[position - 1]) at--;
  return at;
}
