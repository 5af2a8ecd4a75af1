import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { TrainingJobRecord } from '../../../graphql/training/records';
import { followJob } from '../../../src/commands/progress';

const job = (step: number, changes: Partial<TrainingJobRecord> = {}) =>
  ({
    id: 7,
    finishedAt: null,
    progress: { phase: 'SEQ2SEQ', step, totalSteps: 4, loss: null, secondsLeft: null },
    ...changes,
  }) as TrainingJobRecord;

/** Gives one row at each look. */
const jobs = (...rows: (TrainingJobRecord | null)[]) => ({ job: async () => rows.shift() ?? null });

describe('followJob', () => {
  it('shows the progress at each look, and returns the job after its end', async () => {
    const stream = new PassThrough();
    const ended = job(4, { finishedAt: new Date() });
    expect(await followJob(jobs(job(1), ended), 7, stream, new AbortController().signal)).toBe(ended);
    stream.end();
    expect((await text(stream)).trim().split('\n')).toEqual([
      'Learning histories            20%',
      'Learning histories            100%',
    ]);
  });

  it('shows each warning once', async () => {
    const stream = new PassThrough();
    const progress = { ...job(4).progress!, warnings: ['Few codes are used.'] };
    const ended = job(4, { progress, finishedAt: new Date() });
    await followJob(jobs(job(4, { progress }), ended), 7, stream, new AbortController().signal);
    stream.end();
    expect((await text(stream)).trim().split('\n')).toEqual([
      'Learning histories            100%',
      'Few codes are used.',
    ]);
  });

  it('stops at a signal', async () => {
    const stop = new AbortController();
    stop.abort();
    const following = followJob(jobs(job(1), job(2)), 7, new PassThrough(), stop.signal);
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('fails when the job has no row', async () => {
    await expect(followJob(jobs(null), 7, new PassThrough(), new AbortController().signal)).rejects.toThrow(
      'training job 7: expected its row, got none',
    );
  });
});
