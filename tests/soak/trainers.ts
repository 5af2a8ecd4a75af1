/**
 * Trainers on one PostgreSQL are killed, or put to sleep until another one has taken their job: each training ends with the files of one
 * that was left alone, is activated once, and goes on from what was stored.
 */
import { setTimeout } from 'node:timers/promises';

import { createRandom } from '../../models/math/random';
import { mutateWith } from '../support/trained-shop';
import { openTrainers, type Trainers } from '../support/trainers';

/** How long a trainer is left alone after it has taken a job. */
const MAX_ALONE_MS = 4_000;

/** @param count - Kills and sleeps, over as many trainings as they take. */
export async function run(count: number): Promise<void> {
  const random = createRandom(4);
  const fleet = await openTrainers(2);
  const figures = { kills: 0, sleeps: 0, trainings: 0 };
  const takeoverMs: number[] = [];
  try {
    const wanted = await trained(fleet, async () => false);
    while (figures.kills + figures.sleeps < count) {
      figures.trainings++;
      const found = await trained(fleet, async (jobId, fence) => {
        if (figures.kills + figures.sleeps === count) return false;
        const { trainer, fence: held } = await fleet.holderOf(jobId, fence);
        await setTimeout(MAX_ALONE_MS * random.next());
        if (await isFinished(fleet, jobId)) return false;
        const began = performance.now();
        const isKill = random.next() < 0.7;
        if (isKill) await fleet.replace(trainer);
        else trainer.send('SIGSTOP');
        await Promise.race([fleet.holderOf(jobId, held), untilFinished(fleet, jobId)]);
        if (!(await isFinished(fleet, jobId))) takeoverMs.push(Math.round(performance.now() - began));
        trainer.send('SIGCONT');
        figures[isKill ? 'kills' : 'sleeps']++;
        return true;
      });
      if (found !== wanted) throw new Error(`trainers: expected files ${wanted}, got ${found}`);
    }
    const lostStates = fleet.output().split('Its state cannot be used').length - 1;
    const twice = await activatedTwice(fleet);
    const sorted = takeoverMs.sort((a, b) => a - b);
    const [median, longest] = [sorted[sorted.length >> 1], sorted.at(-1)];
    console.log(
      JSON.stringify({ ...figures, takeoverMs: { median, longest }, lostStates, activatedTwice: twice, different: 0 }),
    );
    if (lostStates + twice > 0) throw new Error('trainers: expected no lost state and no double activation');
  } finally {
    await fleet.dispose();
  }
}

/** Trains to the end. @param disturb - False: it is left alone from now on. @returns A hash of the checkpoint. */
async function trained(fleet: Trainers, disturb: (jobId: number, fence: number) => Promise<boolean>): Promise<string> {
  const input = { preset: 'tiny', seed: 3, activateWhenBetter: true };
  await mutateWith(fleet.admin)('start-training', input);
  const { id } = (await fleet.database.read.trainingJob.findFirst({ orderBy: { id: 'desc' } }))!;
  let fence = 0;
  while (await disturb(id, fence)) fence++;
  await untilFinished(fleet, id);
  const job = await fleet.database.read.trainingJob.findUniqueOrThrow({ where: { id } });
  if (job.status !== 'SUCCEEDED')
    throw new Error(`trainers: expected job ${id} to succeed, got ${job.status}: ${job.error}`);
  return fleet.hashOf(id);
}

async function isFinished({ database }: Trainers, id: number): Promise<boolean> {
  return (await database.read.trainingJob.findUniqueOrThrow({ where: { id } })).finishedAt !== null;
}

async function untilFinished(fleet: Trainers, id: number): Promise<void> {
  while (!(await isFinished(fleet, id))) await setTimeout(100);
}

/** @returns How many activations of a version came after its first one. */
async function activatedTwice({ database }: Trainers): Promise<number> {
  const rows = await database.read.catalogueLog.findMany({ where: { kind: 'MODEL_ACTIVATED' } });
  const versions = rows.map(({ payload }) => (payload as { modelVersionId: number }).modelVersionId);
  return versions.length - new Set(versions).size;
}
