/** Checks experiments before they start, and the parts of arms. */
import { repeatedPositions, userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { NewArmArgs, NewExperimentArgs } from '../../graphql/experiment/records';
import type { Transaction } from '../storage/transaction';
import { newestOf, numberedState } from './placements';

const ALL_PERCENT = 100;

/** @returns What is wrong with an experiment by itself. */
export function ownErrors({ metric, currency, arms }: NewExperimentArgs): UserErrorRecord[] {
  const errors: UserErrorRecord[] = [];
  const sum = arms.reduce((all, { percent }) => all + percent, 0);
  if (sum !== ALL_PERCENT)
    errors.push(userError('INVALID', `arms: expected percents that sum to ${ALL_PERCENT}, got ${sum}`, 'arms'));
  for (const position of repeatedPositions(arms.map(({ name }) => name))) {
    const message = `arms.${position}.name: expected a name of its own, got that of another arm`;
    errors.push(userError('DUPLICATE', message, 'arms', position, 'name'));
  }
  if (metric === 'REVENUE' && currency === null)
    errors.push(userError('INVALID', 'currency: expected the currency of the revenue, got none', 'currency'));
  return errors;
}

/** @returns The arms, with the versions of the states that they name: an arm has one version as long as it is running. */
export async function withStateVersions(
  transaction: Transaction,
  { placement, arms }: NewExperimentArgs,
): Promise<NewArmArgs[]> {
  return Promise.all(
    arms.map(async (arm) => {
      if (arm.stateNumber === null || arm.modelVersionId !== null) return arm;
      const state = await numberedState(transaction, placement, arm.stateNumber);
      return { ...arm, modelVersionId: state?.modelVersionId ?? null };
    }),
  );
}

/** @returns What is wrong with an experiment by what is stored. */
export async function storedErrors(transaction: Transaction, args: NewExperimentArgs): Promise<UserErrorRecord[]> {
  const { placement, arms } = args;
  const running = await transaction.experiment.count({ where: { placement, stoppedAt: null } });
  const conflict = `placement: expected one without a running experiment, got ${placement}; stopExperiment ends that`;
  const missing = await Promise.all(
    arms.map((arm, position) => missingParts(transaction, placement, arm, 'arms', String(position))),
  );
  return [
    ...(running > 0 ? [userError('CONFLICT', conflict, 'placement')] : []),
    ...missing.flat(),
    ...(await versionErrors(transaction, args)),
  ];
}

/** @returns What is wrong with an arm whose state, or version, there is not. @param path - Of the arm. */
export async function missingParts(
  transaction: Transaction,
  placement: string,
  { stateNumber, modelVersionId }: Pick<NewArmArgs, 'stateNumber' | 'modelVersionId'>,
  ...path: string[]
): Promise<UserErrorRecord[]> {
  const missing = (name: string, what: string, got: unknown, hint: string) => {
    const field = path.length === 0 ? ['armId'] : [...path, name];
    return userError('NOT_FOUND', `${field.join('.')}: expected ${what} that there is, got ${got}; ${hint}`, ...field);
  };
  const hasState = stateNumber === null || (await numberedState(transaction, placement, stateNumber)) !== null;
  const hasVersion =
    modelVersionId === null || (await transaction.modelVersion.count({ where: { id: modelVersionId } })) > 0;
  return [
    ...(hasState ? [] : [missing('stateNumber', `a state of ${placement}`, stateNumber, 'placement lists them')]),
    ...(hasVersion
      ? []
      : [missing('modelVersionId', 'a model version', 'one that was removed', 'modelVersions lists them')]),
  ];
}

/** A server keeps one version in memory beside the active one. Arms without one have that of the newest state. */
async function versionErrors(
  transaction: Transaction,
  { placement, arms }: NewExperimentArgs,
): Promise<UserErrorRecord[]> {
  const newest = (await newestOf(transaction, placement))?.modelVersionId ?? null;
  const versions = arms.map((arm) => arm.modelVersionId ?? (arm.stateNumber === null ? newest : null));
  const active = await transaction.modelVersion.findFirst({ where: { status: 'ACTIVE' }, select: { id: true } });
  const others = versions.map((id) => (id === active?.id ? null : id));
  const first = others.find((id) => id !== null);
  return others.flatMap((id, position) => {
    if (id === null || id === first) return [];
    const message = `arms.${position}.modelVersionId: expected one version beside the active one, got another; start an experiment for each`;
    return userError('TOO_MANY', message, 'arms', position, 'modelVersionId');
  });
}
