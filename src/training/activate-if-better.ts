/** Activates the version that a training has left, unless it is clearly worse than the active one. */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { Database } from '../storage/database';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import type { ModelStore, Rival } from './model-store';
import { whyClearlyWorse, whyLower } from './version-comparison';

export interface ActivateIfBetterParts {
  readonly models: Pick<ModelStore, 'rival' | 'activate'>;
  readonly read: Database['read'];
  /** @throws {LeaseLostError} When the job is another process's. */
  readonly hold: (transaction: Transaction) => Promise<void>;
  /** Writes as the job's holder. */
  readonly write: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
}

/** @returns Why the version is not active; null when it is. */
export async function activateIfBetter(
  id: number,
  { models, read, hold, write }: ActivateIfBetterParts,
): Promise<string | null> {
  const version = modelVersionRecord(await read.modelVersion.findUniqueOrThrow({ where: { id } }));
  // An earlier attempt, or the former process, has decided already; by now another version may be live for good reasons.
  if (version.status !== 'TRAINED') return null;
  const rival = await models.rival();
  try {
    refuseFor(whyClearlyWorse(version, rival.version));
    const { userErrors } = await models.activate(id, async (transaction) => {
      await hold(transaction);
      await refuseLower(transaction, version, rival);
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

/** Another trainer may have activated a version since ours was compared with the rival. */
async function refuseLower(
  { modelVersion }: Transaction,
  version: ModelVersionRecord,
  { activeId }: Rival,
): Promise<void> {
  const active = await modelVersion.findFirst({ where: { status: 'ACTIVE' } });
  if (active !== null && active.id !== activeId) refuseFor(whyLower(version, modelVersionRecord(active)));
}
