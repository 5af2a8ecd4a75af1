/**
 * Activates the version that a training has left, unless it is clearly worse than the active one, or only when it is clearly better.
 * NDCG@10 on the held-out purchases of each decides.
 */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import { hasManyRepeats } from '../../models/data/interactions';
import type { Database } from '../storage/database';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import type { ModelStore } from './model-store';

const DECIDING_METRIC = 'ndcg@10';
/** Lists of plain counts for the same users, the stronger first. They show how hard it is to predict what these users buy. */
const BASELINES = ['item-knn-tuned', 'popularity'];
/** With fewer users a difference says nothing: the interval is wider than the two differ. */
const MIN_USERS = 100;
/** With fewer, nothing is known of a version. */
const MIN_FEW_USERS = 5;

export interface ActivateIfBetterParts {
  readonly models: Pick<ModelStore, 'rival' | 'activate'>;
  readonly read: Database['read'];
  /** @throws {LeaseLostError} When the job is another process's. */
  readonly hold: (transaction: Transaction) => Promise<void>;
  /** Writes as the job's holder. */
  readonly write: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
}

/**
 * @param onlyWhenClearlyBetter - Not being clearly worse is not enough.
 * @returns Why the version is not active; null when it is.
 */
export async function activateIfBetter(
  id: number,
  { models, read, hold, write }: ActivateIfBetterParts,
  onlyWhenClearlyBetter = false,
): Promise<string | null> {
  const whyNot = onlyWhenClearlyBetter ? whyNotClearlyBetter : whyClearlyWorse;
  const version = modelVersionRecord(await read.modelVersion.findUniqueOrThrow({ where: { id } }));
  // An earlier attempt, or the former process, has decided already; by now another version may be live for good reasons.
  if (version.status !== 'TRAINED') return null;
  const rival = await models.rival();
  try {
    refuseFor(whyNot(version, rival.version));
    const { userErrors } = await models.activate(id, async (transaction) => {
      await hold(transaction);
      // Another trainer may have activated a version since ours was compared.
      const active = await transaction.modelVersion.findFirst({ where: { status: 'ACTIVE' } });
      if (active !== null && active.id !== rival.activeId) refuseFor(whyNot(version, modelVersionRecord(active)));
    });
    return userErrors.length === 0 ? null : userErrors.map(({ message }) => message).join('; ');
  } catch (error) {
    if (!(error instanceof WorseVersionError)) throw error;
    await write(({ modelVersion }) => modelVersion.update({ where: { id }, data: { status: 'REJECTED' } }));
    return `The version is trained, but was not activated: ${error.message}`;
  }
}

/** The new version must not replace the other one; the message says why. */
class WorseVersionError extends Error {
  override readonly name = 'WorseVersionError';
}

function refuseFor(reason: string | null): void {
  if (reason !== null) throw new WorseVersionError(reason);
}

type Compared = Pick<ModelVersionRecord, 'number' | 'metrics'>;

/**
 * A new version knows newer items and purchases, so it replaces the active one unless it is clearly worse. It is clearly worse when the
 * upper bound of its 95 % interval is below the active version's figure, and also when both are divided by the figure of a baseline for the
 * same users: the held-out purchases of the two versions differ, and among twice as many items every figure is lower. A figure of fewer
 * than 100 users decides nothing: then the new version replaces the active one too. In a shop of repeats, the figures with seen items kept
 * decide. The first version replaces popular items, and is compared with lists of these for the same users. With fewer than five it waits
 * until somebody activates it.
 *
 * @returns Why it must not; null when it may.
 */
export function whyClearlyWorse(version: Compared, rival: Compared | null): string | null {
  if (rival === null) return whyBelowPopular(version);
  const pairs = comparisons(version, rival);
  if (usersOf(pairs) < MIN_USERS || pairs.some(({ ours, theirs }) => ours.high >= theirs.value)) return null;
  return pairs.map((pair) => `${pair.of}: ${expectedOf('no less than', pair, rival)}`).join('; ');
}

/**
 * It is clearly better when the lower bound of its interval is above the active version's figure, and also when both are divided by the
 * figure of a baseline. Without an active version it is compared with popular items, as ever.
 *
 * @returns Why it is not; null when it is.
 */
export function whyNotClearlyBetter(version: Compared, rival: Compared | null): string | null {
  if (rival === null) return whyBelowPopular(version);
  const pairs = comparisons(version, rival);
  if (usersOf(pairs) < MIN_USERS)
    return `expected at least ${MIN_USERS} users to judge it by, got ${usersOf(pairs)}; activate it as it is, or train on more interactions`;
  const pair = pairs.find(({ ours, theirs }) => ours.low <= theirs.value);
  return pair === undefined ? null : `${pair.of}: ${expectedOf('clearly more than', pair, rival)}`;
}

interface Comparison {
  readonly of: string;
  readonly ours: Figure;
  readonly theirs: Figure;
}

/** @returns The figures of both as they are, then divided by that of a baseline for the same users; none when one of them has no figure. */
function comparisons(version: Compared, rival: Compared): readonly Comparison[] {
  const lists = decidingLists(version, rival);
  const [ours, theirs] = [figureOf(version, lists), figureOf(rival, lists)];
  if (ours === null || theirs === null) return [];
  const asTheyAre = { of: `${lists}${DECIDING_METRIC}`, ours, theirs };
  const names = BASELINES.map((name) => `${lists}baseline.${name}.${DECIDING_METRIC}`);
  const baseline = names.find((name) => [version, rival].every((one) => valueOf(one, name) > 0));
  if (baseline === undefined) return [asTheyAre];
  const [our, their] = [dividedBy(ours, valueOf(version, baseline)), dividedBy(theirs, valueOf(rival, baseline))];
  return [asTheyAre, { of: `divided by ${baseline}`, ours: our, theirs: their }];
}

/** @returns Of how many users both figures are at least; 0 without figures. */
function usersOf([pair]: readonly Comparison[]): number {
  return pair === undefined ? 0 : Math.min(pair.ours.users, pair.theirs.users);
}

function whyBelowPopular(version: Compared): string | null {
  const lists = decidingLists(version);
  const popular = valueOf(version, `${lists}baseline.popularity.${DECIDING_METRIC}`);
  const figure = figureOf(version, lists);
  if (figure === null || figure.users < MIN_FEW_USERS)
    return `expected at least ${MIN_FEW_USERS} users to judge it by, got ${figure?.users ?? 0}; import more interactions and train again, or activate it as it is`;
  if (figure.users < MIN_USERS || figure.high >= popular) return null;
  return `${lists}${DECIDING_METRIC}: expected no less than ${digits(popular)} of the most popular items, ${gotOf(figure)}`;
}

type Lists = '' | 'seen-kept.';

/** @returns The prefix of the figures that decide. */
function decidingLists(...versions: readonly Compared[]): Lists {
  return versions.some(({ metrics }) => hasManyRepeats(metrics)) ? 'seen-kept.' : '';
}

function expectedOf(
  wanted: 'no less than' | 'clearly more than',
  { ours, theirs }: Comparison,
  { number }: Compared,
): string {
  const expected = `expected ${wanted} ${digits(theirs.value)} of the active version ${number}`;
  if (wanted === 'no less than') return `${expected}, ${gotOf(ours)}`;
  return `${expected}, got ${digits(ours.value)}, at least ${digits(ours.low)} within its interval`;
}

function gotOf({ value, high }: Figure): string {
  return `got ${digits(value)}, at most ${digits(high)} within its interval`;
}

function dividedBy({ value, low, high, users }: Figure, divisor: number): Figure {
  return { value: value / divisor, low: low / divisor, high: high / divisor, users };
}

/** @returns 0 when the version has no such figure. */
function valueOf({ metrics }: Compared, name: string): number {
  return metrics.find((metric) => metric.name === name)?.value ?? 0;
}

interface Figure {
  readonly value: number;
  /** The bounds of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Number of held-out users that it is the mean of; infinite where nobody has counted. */
  readonly users: number;
}

function figureOf({ metrics }: Compared, lists: Lists): Figure | null {
  const metric = metrics.find(({ name }) => name === `${lists}${DECIDING_METRIC}`);
  if (metric === undefined) return null;
  const users = metrics.find(({ name }) => name === `${lists}users`)?.value ?? Infinity;
  return { value: metric.value, low: metric.low ?? metric.value, high: metric.high ?? metric.value, users };
}

function digits(value: number): string {
  return value.toFixed(4);
}
