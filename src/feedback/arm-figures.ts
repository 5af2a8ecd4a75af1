/** Counts for the arms of experiments: kept user by user, read as rates and their differences. */
import type { ArmRateRecord, ArmStatus, ExperimentFigures, ExperimentMetric } from '../../graphql/experiment/records';
import { groupBy } from '../../models/math/arrays';
import type { Experiment, ExperimentArm } from '../../prisma/generated/sqlite/client';
import { addToArmUsers } from '../storage/bulk-rows';
import { type ArmSums, readArmSums } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';
import { type Change, changeOf } from './outcome';
import { ALPHA, differenceOf, rateOf, sampleRatioProbability, type UserSums } from './sequential-test';

// ---- Counting -----------------------------------------------------------------------------------------------------

/** Counts what has changed of lists. Lists of nobody do not count. */
export async function addToArms(transaction: Transaction, changes: readonly Change[]): Promise<void> {
  const counted = changes.filter(({ now: { list } }) => list.armId !== null && list.userId !== null);
  if (counted.length === 0) return;
  const currencies = await currenciesOf(transaction, [...new Set(counted.map(({ now }) => now.list.armId!))]);
  const byUser = groupBy(counted, ({ now: { list } }) => `${list.armId} ${list.userId}`);
  const rows = [...byUser.values()].flatMap((ofUser) => {
    const [armId, userId] = [ofUser[0].now.list.armId!, ofUser[0].now.list.userId!];
    const currency = currencies.get(armId);
    if (currency === undefined) return []; // its experiment was deleted since
    return {
      ...{ armId, userId },
      lists: changeOf(ofUser, () => 1),
      clicked: changeOf(ofUser, (outcome) => Number(outcome.counted.has('clicked'))),
      purchased: changeOf(ofUser, (outcome) => Number(outcome.counted.has('purchased'))),
      revenue: changeOf(ofUser, ({ revenue }) => (currency !== null && revenue.get(currency)?.total) || 0),
    };
  });
  const isChanged = ({ lists, clicked, purchased, revenue }: (typeof rows)[number]) =>
    [lists, clicked, purchased, revenue].some((count) => count !== 0);
  await addToArmUsers(transaction, rows.filter(isChanged));
}

/** @returns The currency of each arm's experiment, which may be null, of those arms that there are. */
async function currenciesOf({ experimentArm }: Transaction, armIds: number[]): Promise<Map<number, string | null>> {
  const rows = await experimentArm.findMany({ where: { id: { in: armIds } }, include: { experiment: true } });
  return new Map(rows.map(({ id, experiment }) => [id, experiment.currency]));
}

/**
 * Gives a user what counts for a visitor. The user keeps the visitor's arms, unless a running experiment counts lists of the user
 * already: these were of the user's own arms.
 */
export async function joinArms(transaction: Transaction, visitorId: number, userId: number): Promise<void> {
  const { armUser, user } = transaction;
  const running = { userId, arm: { experiment: { stoppedAt: null } } };
  if ((await armUser.count({ where: running })) === 0) {
    const visitor = await user.findUniqueOrThrow({ where: { id: visitorId } });
    await user.update({ where: { id: userId }, data: { armKey: visitor.externalId } });
  }
  const where = { userId: visitorId };
  const rows = await armUser.findMany({ where });
  await addToArmUsers(
    transaction,
    rows.map((row) => ({ ...row, userId })),
  );
  await armUser.deleteMany({ where });
}

// ---- Reading ------------------------------------------------------------------------------------------------------

export type ExperimentWithArms = Experiment & { readonly arms: readonly ExperimentArm[] };

/** Reads what counts for the arms of an experiment: see sequential-test.ts for what it says of them. */
export async function figuresOf(client: Transaction, experiment: ExperimentWithArms): Promise<ExperimentFigures> {
  const { arms } = experiment;
  const rows = await readArmSums(
    client,
    arms.map(({ id }) => id),
  );
  const sums = arms.map(({ id }) => rows.get(id) ?? NOBODY);
  const statuses = await statusesOf(client, arms);
  const rateOfArm = (position: number, metric: ExperimentMetric): ArmRateRecord => {
    const alpha = ALPHA / (arms.length - 1); // the intervals of all arms hold together
    const [control, own] = [sumsOf(sums[0], metric), sumsOf(sums[position], metric)];
    const { low = null, high = null } = rateOf(own) ?? {};
    const difference = position === 0 ? null : differenceOf(control, own, alpha);
    return { total: own.total, perList: own.lists === 0 ? 0 : own.total / own.lists, low, high, difference };
  };
  return {
    arms: arms.map((arm, position) => ({
      ...arm,
      ...{ isControl: position === 0, status: statuses[position] },
      ...{ users: sums[position].users, lists: sums[position].lists },
      ...{ clicked: rateOfArm(position, 'CLICKED'), purchased: rateOfArm(position, 'PURCHASED') },
      revenue: experiment.currency === null ? null : rateOfArm(position, 'REVENUE'),
    })),
    sampleRatioProbability: ratioOf(
      arms.flatMap(({ percent }, arm) => (statuses[arm] === 'RUNNING' ? { percent, users: sums[arm].users } : [])),
    ),
  };
}

const NOBODY: ArmSums = {
  ...{ users: 0, lists: 0, listSquares: 0 },
  ...{ clicked: 0, clickedSquares: 0, clickedProducts: 0 },
  ...{ purchased: 0, purchasedSquares: 0, purchasedProducts: 0 },
  ...{ revenue: 0, revenueSquares: 0, revenueProducts: 0 },
};

/** Where the counts and rates of each metric stand. */
export const METRIC_FIELDS = { CLICKED: 'clicked', PURCHASED: 'purchased', REVENUE: 'revenue' } as const;

function sumsOf(sums: ArmSums, metric: ExperimentMetric): UserSums {
  const name = METRIC_FIELDS[metric];
  const { [name]: total, [`${name}Squares` as const]: totalSquares, [`${name}Products` as const]: products } = sums;
  return { users: sums.users, lists: sums.lists, listSquares: sums.listSquares, total, totalSquares, products };
}

async function statusesOf({ modelVersion }: Transaction, arms: readonly ExperimentArm[]): Promise<ArmStatus[]> {
  const ids = arms.flatMap(({ modelVersionId }) => modelVersionId ?? []);
  const rows = await modelVersion.findMany({ where: { id: { in: ids } }, select: { id: true } });
  const known = new Set(rows.map(({ id }) => id));
  return arms.map(({ stoppedAt, modelVersionId }) => {
    if (stoppedAt !== null) return 'STOPPED';
    return modelVersionId === null || known.has(modelVersionId) ? 'RUNNING' : 'NO_MODEL';
  });
}

/** Users of an arm that was stopped count no longer, so that their number says nothing. */
function ratioOf(arms: readonly { readonly percent: number; readonly users: number }[]): number {
  const all = arms.reduce((sum, { percent }) => sum + percent, 0);
  return sampleRatioProbability(
    arms.map(({ users }) => users),
    arms.map(({ percent }) => percent / all),
  );
}
