import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { TrainingJobRecord } from '../../../graphql/training/records';
import { followJob, openProgress, type Progress } from '../../../src/commands/progress';

async function shown(isTTY: boolean, use: (progress: Progress) => void): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  use(openProgress('Working', stream));
  stream.end();
  return text(stream);
}

describe('openProgress', () => {
  it('writes plain lines where there is no terminal: one a tenth, however many updates', async () => {
    const output = await shown(false, (progress) => {
      for (let step = 0; step <= 1000; step++) progress.update(step, 1000, `loss ${step}`);
      progress.stop();
    });
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('Working 0% loss 0');
    expect(lines[10]).toBe('Working 100% loss 1000');
  });

  it('draws a bar with the last note on a terminal', async () => {
    const output = await shown(true, (progress) => {
      progress.update(1, 4, 'begun');
      progress.update(4, 4, 'finished');
      progress.stop();
    });
    expect(output).toMatch(/Working .*100% finished/);
  });
});

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
      'Learning histories            25%',
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
});
