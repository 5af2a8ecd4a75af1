import { join } from 'node:path';

import { presetConfig } from '../../../models/config';
import { packTexts } from '../../../models/math/packed-texts';
import type { FitProgress } from '../../../models/training/fit-input';
import { TrainingJobs } from '../../../src/training/training-jobs';
import { emptyTables } from '../../support/catalogue';
import {
  failures,
  type FakeTraining,
  files,
  models,
  news,
  opened,
  queueParts,
  requests,
  resultOf,
  test,
  publishedProgress,
} from '../../support/training-suite';

const ARGS = { preset: 'tiny', seed: 7, reuseTokenizer: false, activateWhenBetter: true } as const;

describe('TrainingJobs', () => {
  let jobs: TrainingJobs;
  let itemIds: number[];

  beforeEach(async () => {
    const { items } = await test.catalogue.upsertItems(
      ['a', 'b', 'c'].map((externalId) => ({ externalId, title: `#1.2 ${externalId}` })),
      true,
    );
    itemIds = items.map((item) => item!.id);
    await test.catalogue.recordInteractions(
      [
        ['u', 'b', 2],
        ['v', 'c', 1],
        ['u', 'a', 1],
      ].map(([user, item, second]) => ({
        userExternalId: String(user),
        itemExternalId: String(item),
        kind: 'PURCHASE' as const,
        occurredAt: new Date(Number(second) * 1000),
      })),
    );
  });
  afterEach(() => jobs.dispose());

  const keyOf = async (id: number) => (await opened.database.read.trainingJob.findUniqueOrThrow({ where: { id } })).key;

  function openJobs(runTraining: FakeTraining): TrainingJobs {
    jobs = new TrainingJobs(queueParts(runTraining));
    return jobs;
  }

  function progress(phase: FitProgress['phase'], step: number, metrics: FitProgress['metrics'] = []): FitProgress {
    return {
      phase,
      step,
      totalSteps: 9,
      loss: 10 - step,
      metrics,
      examplesPerSecond: 1,
      secondsLeft: 1,
    };
  }

  /** Waits for the signal, as a training does that takes long. */
  function untilAborted(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  }

  it('trains on the histories, oldest first, and puts the version live', async () => {
    openJobs(async (request, onProgress) => {
      onProgress(progress('SEQ2SEQ', 1));
      onProgress(progress('DONE', 1));
      return resultOf(request);
    });
    const { job, userErrors } = await jobs.start(ARGS);
    expect(userErrors).toEqual([]);
    expect(job).toMatchObject({ status: 'QUEUED', preset: 'tiny' });
    await jobs.idle();
    expect(failures).toEqual([]);
    const [request] = requests;
    expect(request).toMatchObject({
      jobId: job!.id,
      jobDir: join(files.dataDir, 'work', '1', `${job!.id}-${(await keyOf(job!.id))!}`),
      config: { preset: 'tiny', seed: 7 },
      texts: packTexts(['#1.2 a.', '#1.2 b.', '#1.2 c.']),
      log: {
        userKeys: packTexts(['u', 'v']),
        offsets: Int32Array.of(0, 2, 3),
        items: Int32Array.of(0, 1, 2),
        times: Float64Array.of(1000, 2000, 1000),
        kinds: new Uint8Array(3),
      },
      tokenizerFrom: null,
    });
    expect([...request.itemIds]).toEqual(itemIds);
    const done = await jobs.job(job!.id);
    expect(done).toMatchObject({ status: 'SUCCEEDED', error: null, progress: { phase: 'DONE' } });
    const active = await models.live();
    expect(active).toMatchObject({ id: done!.modelVersionId, number: 1, trainingJobId: job!.id });
    expect(await test.catalogue.prefix([1, 2])).toEqual({ codes: [1, 2], itemCount: 3 });
    const phases = (await publishedProgress()).map(({ phase }) => phase);
    expect(phases).toEqual(['FEATURES', 'FEATURES', 'SEQ2SEQ', 'DONE']); // it is requested, then begins
  });

  it('thins a curve between the steps asked for', async () => {
    openJobs(async (request) => resultOf(request));
    const { job } = await jobs.start(ARGS);
    await jobs.idle();
    const points = Array.from({ length: 100 }, (_, step) => ({ jobId: job!.id, metric: 'm', step, value: step }));
    await opened.database.write((transaction) => transaction.metricPoint.createMany({ data: points }));
    expect(await jobs.curve(job!.id, 'm', 1)).toEqual([{ step: 99, value: 99 }]);
    expect(await jobs.curve(job!.id, 'none', 4)).toEqual([]);
    const between = async (points: number, fromStep: number, toStep?: number) =>
      (await jobs.curve(job!.id, 'm', points, { fromStep, toStep })).map(({ step }) => step);
    expect(await between(4, 10, 19)).toEqual([10, 13, 16, 19]);
    expect(await between(50, 10, 13)).toEqual([10, 11, 12, 13]);
    expect(await between(2, 40)).toEqual([40, 99]);
    expect(await between(4, 70, 20)).toEqual([]);
  });

  it('runs one job at a time and cancels one that waits and one that runs', async () => {
    const running = new Promise<void>((resolve) => {
      openJobs((_, __, signal) => {
        resolve();
        return untilAborted(signal);
      });
    });
    const [one, two] = [await jobs.start(ARGS), await jobs.start(ARGS)];
    await running;
    expect((await jobs.job(one.job!.id))?.status).toBe('RUNNING');
    expect(await jobs.progress(null)).toMatchObject([{ jobId: one.job!.id, event: await jobs.newestEvent() }]);
    expect((await jobs.cancel(two.job!.id)).job?.status).toBe('CANCELLED');
    expect((await jobs.cancel(one.job!.id)).job?.status).toBe('CANCELLED');
    expect(await jobs.cancel(one.job!.id)).toMatchObject({ job: { status: 'CANCELLED' } });
    const [jobId, preset] = [one.job!.id, 'tiny'];
    expect(news).toEqual([
      [{ jobId, preset }, 'The training begins.'],
      [{ jobId: two.job!.id, preset, status: 'CANCELLED' }, 'The training has ended.'],
      [{ jobId, preset, status: 'CANCELLED' }, 'The training has ended.'],
    ]);
    await jobs.idle();
    expect(requests).toHaveLength(1);
    expect(failures).toEqual([]);
    // Both are requested and the first begins; then either is cancelled.
    const ids = (await publishedProgress()).map(({ jobId }) => jobId);
    expect([ids.length, ...ids.slice(-2)]).toEqual([3 + 2, two.job!.id, one.job!.id]);
  });

  it('goes on after a restart with what it began with', async () => {
    const running = new Promise<void>((resolve) => {
      openJobs((_, __, signal) => {
        resolve();
        return untilAborted(signal);
      });
    });
    const { job } = await jobs.start(ARGS);
    await running;
    await jobs.dispose();
    expect((await jobs.job(job!.id))?.status).toBe('RUNNING');
    await test.catalogue.upsertItems([{ externalId: 'late', title: '#0.0 late' }], true);
    await test.catalogue.recordInteractions([{ userExternalId: 'u', itemExternalId: 'late', kind: 'PURCHASE' }]);
    openJobs(async (request) => resultOf(request));
    await jobs.resume();
    await jobs.idle();
    // Each holder of a job works in a folder of its own.
    const { jobDir, statesDir } = requests[1];
    expect(jobDir).not.toBe(requests[0].jobDir);
    expect(requests[1]).toEqual({ ...requests[0], jobDir, statesDir });
    expect((await jobs.job(job!.id))?.status).toBe('SUCCEEDED');
    expect(await test.catalogue.tokenizedItemCount()).toBe(4);
  });

  it('reuses the active tokenizer, with the codes that items have', async () => {
    openJobs(async (request) => resultOf(request));
    await jobs.start(ARGS);
    await jobs.idle();
    await jobs.start({ ...ARGS, reuseTokenizer: true });
    await jobs.idle();
    expect(requests[1].tokenizerFrom).toMatch(/jobs\/\d+-[0-9a-f]{32}\/checkpoint-1$/);
    expect(requests[1].presentCodes).toMatchObject({ idLength: 3, codes: Int32Array.of(1, 2, 0, 1, 2, 1, 1, 2, 2) });
    expect(await opened.database.read.tokenizer.count()).toBe(1);
  });

  it('trains a model of another preset on the codebooks of the tokenizer that it reuses', async () => {
    openJobs(async (request) => resultOf(request));
    await jobs.start(ARGS);
    await jobs.idle();
    const { userErrors } = await jobs.start({ ...ARGS, preset: 'base', reuseTokenizer: true });
    await jobs.idle();
    expect(userErrors).toEqual([]);
    expect(requests[1].config.tokenizer).toMatchObject({ numLevels: 2, codebookSize: 8 });
    expect(requests[1].config.seq2seq).toEqual(presetConfig('base').seq2seq);
  });

  it('refuses what cannot be run, by code', async () => {
    openJobs(async (request) => resultOf(request));
    expect((await jobs.start({ ...ARGS, reuseTokenizer: true })).userErrors).toMatchObject([{ code: 'NO_LIVE_MODEL' }]);
    expect((await jobs.cancel(999)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const { job } = await jobs.start(ARGS);
    await jobs.idle();
    expect((await jobs.cancel(job!.id)).userErrors).toMatchObject([{ code: 'NOT_RUNNING' }]);
    await emptyTables(opened);
    expect((await jobs.start(ARGS)).userErrors).toMatchObject([{ code: 'INVALID' }]);
  });

  it('pages jobs, newest first, by status', async () => {
    openJobs(async (request) => resultOf(request));
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) ids.unshift((await jobs.start(ARGS)).job!.id);
    await jobs.idle();
    const page = await jobs.jobs({ first: 2, after: null }, 'SUCCEEDED');
    expect(page.edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
    const rest = await jobs.jobs({ first: 2, after: page.edges[1].cursor }, null);
    expect(rest.edges.map(({ node }) => node.id)).toEqual(ids.slice(2));
    expect((await jobs.jobs({ first: 2, after: null }, 'FAILED')).edges).toEqual([]);
  });
});
