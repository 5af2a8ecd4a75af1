/**
 * Trainers on one PostgreSQL, whose clocks are wrong by a minute in either direction, are killed, or put to sleep until another one has
 * taken their job: each training ends with the files of one that was left alone, is activated once, and goes on from what was stored.
 * Then trainings are cancelled on a server that does not train.
 */
import { setTimeout } from 'node:timers/promises';

import { createRandom } from '../../models/math/random';
import { isStuck, mutateWith } from '../support/trained-shop';
import { CLOCK_SKEW_MS, openTrainers, type Trainers } from '../support/trainers';

/** How long a trainer is left alone after it has taken a job. */
const MAX_ALONE_MS = 4_000;

const MANY_CANCELS = 5;
const MAX_TAKEOVER_MS = 15_000;
const MAX_CANCEL_MS = 2_000;

interface RunOptions {
  /** How many times as long as on a machine of its own everything may take. */
  readonly patience?: number;
  /** Trainings that are cancelled after that. */
  readonly cancels?: number;
  /** Whether a lease whose holder is gone ends at once, not after its time. */
  readonly isHasty?: boolean;
}

/** @param count - Kills and sleeps, over as many trainings as they take. */
export async function run(count: number, { patience = 1, cancels = MANY_CANCELS, isHasty = false }: RunOptions = {}) {
  const random = createRandom(45); // it begins with a kill and a sleep
  const fleet = await openTrainers(2);
  const figures = { kills: 0, sleeps: 0, trainings: 0 };
  const takeoverMs: number[] = [];
  try {
    const wanted = await trained(fleet, async () => false);
    while (figures.kills + figures.sleeps < count) {
      figures.trainings++;
      const found = await trained(fleet, async (jobId, fence) => {
        if (figures.kills + figures.sleeps === count) return false;
        const holder = await Promise.race([fleet.holderOf(jobId, fence), untilFinished(fleet, jobId)]);
        if (holder === undefined) return false; // over before anybody was seen with it
        const { trainer, fence: held } = holder;
        await setTimeout(MAX_ALONE_MS * random.next());
        while (isStuck(await jobOf(fleet, jobId))) await setTimeout(100);
        if (await isFinished(fleet, jobId)) return false;
        const began = performance.now();
        const isKill = random.next() < 0.7;
        if (isKill) await fleet.replace(trainer);
        else trainer.send('SIGSTOP');
        if (isHasty) await fleet.endLease(jobId, held);
        await Promise.race([fleet.holderOf(jobId, held), untilFinished(fleet, jobId)]);
        if (!(await isFinished(fleet, jobId))) takeoverMs.push(Math.round(performance.now() - began));
        trainer.send('SIGCONT');
        figures[isKill ? 'kills' : 'sleeps']++;
        console.log(JSON.stringify({ ...figures, lastTakeoverMs: takeoverMs.at(-1) }));
        return true;
      });
      if (found !== wanted) throw new Error(`trainers: expected files ${wanted}, got ${found}`);
    }
    const skewMs = await clockSkew(fleet);
    const cancelMs: number[] = [];
    for (let n = 0; n < cancels; n++) cancelMs.push(await cancel(fleet));
    const lostStates = fleet.output().split('Its state cannot be used').length - 1;
    const twice = await activatedTwice(fleet);
    const result = {
      ...figures,
      skewMs,
      takeoverMs: spread(takeoverMs),
      cancelMs: spread(cancelMs),
      lostStates,
      activatedTwice: twice,
      different: 0,
    };
    console.log(JSON.stringify(result));
    check(result, patience);
  } finally {
    await fleet.dispose();
  }
}

interface Spread {
  readonly median: number;
  readonly longest: number;
}

function spread(times: number[]): Spread {
  const sorted = times.sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, longest: sorted.at(-1) ?? 0 };
}

interface Result {
  readonly skewMs: number;
  readonly takeoverMs: Spread;
  readonly cancelMs: Spread;
  readonly lostStates: number;
  readonly activatedTwice: number;
}

function check({ skewMs, takeoverMs, cancelMs, lostStates, activatedTwice: twice }: Result, patience: number): void {
  const faults = [
    ...(lostStates > 0 ? [`${lostStates} lost states`] : []),
    ...(twice > 0 ? [`${twice} double activations`] : []),
    ...(takeoverMs.longest > MAX_TAKEOVER_MS * patience ? [`a takeover after ${takeoverMs.longest} ms`] : []),
    ...(cancelMs.longest > MAX_CANCEL_MS * patience
      ? [`a training that stopped ${cancelMs.longest} ms after its cancellation`]
      : []),
    ...(skewMs < CLOCK_SKEW_MS / 2 ? ['clocks that are right'] : []),
  ];
  if (faults.length > 0) throw new Error(`trainers: expected none of these\n${faults.join('\n')}`);
}

/** @returns By how much the clock of a trainer differs from the one that is right: it writes when it has begun a job. */
async function clockSkew({ database }: Trainers): Promise<number> {
  const { startedAt, createdAt } = await database.read.trainingJob.findFirstOrThrow({ orderBy: { id: 'asc' } });
  return Math.abs(startedAt!.getTime() - createdAt.getTime());
}

/** @returns Milliseconds from the call until the trainer has left the job, which has made nothing. */
async function cancel(fleet: Trainers): Promise<number> {
  const { read } = fleet.database;
  const mutate = mutateWith(fleet.admin);
  const versions = await read.modelVersion.count();
  const { job } = await mutate('start-training', { preset: 'DEMO' });
  const { id } = (await read.trainingJob.findFirst({ orderBy: { id: 'desc' } }))!;
  await fleet.holderOf(id, 0);
  await setTimeout(1_000);
  const told = stops(fleet);
  const began = performance.now();
  const answer = await mutate('cancel-training', { jobId: job.id });
  while (stops(fleet) === told) await setTimeout(5);
  const cancelMs = Math.round(performance.now() - began);
  const { status } = await jobOf(fleet, id);
  expectCancelled([answer.job.status, answer.userErrors.length, status, (await read.modelVersion.count()) - versions]);
  return cancelMs;
}

/** @param found - Status and errors that the caller was told, the status that is stored, and how many versions came meanwhile. */
function expectCancelled(found: readonly [string, number, string, number]): void {
  if (String(found) !== 'CANCELLED,0,CANCELLED,0')
    throw new Error(`trainers: expected a cancelled job without a version, got ${String(found)}`);
}

function stops(fleet: Trainers): number {
  return fleet.output().split('The job was cancelled').length - 1;
}

/** Trains to the end. @param disturb - False: it is left alone from now on. @returns A hash of the checkpoint. */
async function trained(fleet: Trainers, disturb: (jobId: number, fence: number) => Promise<boolean>): Promise<string> {
  const input = { preset: 'TINY', seed: 3, activateWhenBetter: true };
  await mutateWith(fleet.admin)('start-training', input);
  const { id } = (await fleet.database.read.trainingJob.findFirst({ orderBy: { id: 'desc' } }))!;
  let fence = 0;
  while (await disturb(id, fence)) fence++;
  await untilFinished(fleet, id);
  const job = await jobOf(fleet, id);
  if (job.status !== 'SUCCEEDED')
    throw new Error(`trainers: expected job ${id} to succeed, got ${job.status}: ${job.error}`);
  return fleet.hashOf(id);
}

async function isFinished(fleet: Trainers, id: number): Promise<boolean> {
  return (await jobOf(fleet, id)).finishedAt !== null;
}

function jobOf({ database }: Trainers, id: number) {
  return database.read.trainingJob.findUniqueOrThrow({ where: { id } });
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
