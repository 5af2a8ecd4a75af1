/** Changes what a training job is at, and tells of it. */
import type { TrainingProgressRecord } from '../../graphql/training/records';
import { bareProgress } from '../../models/training/fit-input';
import type { Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';
import { progressRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { storeEvents } from './progress-events';

/**
 * Changes the row and stores an event of it: a process that is killed leaves both or neither. Subscribers look at a job's status when they
 * get a progress of it.
 *
 * @param earlier - Events that come before it.
 */
export async function changeJob(
  transaction: Transaction,
  id: number,
  data: Prisma.TrainingJobUncheckedUpdateInput,
  earlier: readonly TrainingProgressRecord[] = [],
): Promise<TrainingJob> {
  const job = await transaction.trainingJob.update({ where: { id }, data });
  await storeEvents(transaction, earlier, progressOf(job));
  return job;
}

/** @returns What tells of a job's status. A job that waits for its turn has no progress of its own. */
export function progressOf({ id, progress }: TrainingJob): TrainingProgressRecord {
  return progress === null ? { jobId: id, ...bareProgress('FEATURES', 0, 1) } : progressRecord(progress);
}
