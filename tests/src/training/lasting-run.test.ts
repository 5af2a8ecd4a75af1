import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runLasting } from '../../../src/training/lasting-run';
import { WorkerDiedError } from '../../../src/workers/spawn-worker';

const FULL = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
const DEATH = new WorkerDiedError('train.js: expected a reply, got exit code 1');

describe('runLasting', () => {
  let jobDir: string;
  let told: string[];
  beforeEach(async () => {
    jobDir = await mkdtemp(join(tmpdir(), 'tigerql-lasting-'));
    told = [];
  });
  afterEach(() => rm(jobDir, { recursive: true }));

  /** Runs what fails with the errors, one after the other, and then succeeds. Runs of `further` reach a new state. */
  function run(errors: readonly Error[], stop = new AbortController(), further: readonly number[] = []) {
    let runs = 0;
    const attempt = async (onState: () => void) => {
      const error = errors[runs++];
      if (further.includes(runs)) onState();
      if (error !== undefined) throw error;
      return runs;
    };
    return runLasting(attempt, {
      jobDir,
      onWait: (reason) => told.push(reason),
      onDeath: ({ message }) => told.push(message),
      signal: stop.signal,
    });
  }

  it('says that it waits for a disk, and runs again when the disk takes a state', async () => {
    expect(await run([FULL])).toBe(2);
    expect(told).toEqual([
      `${jobDir}: expected a disk with room, got ${FULL.message}; make room, then the training goes on by itself`,
    ]);
    expect(await readdir(jobDir)).toEqual([]);
  });

  it('runs again after two threads that ended, and not after the third', async () => {
    expect(await run([DEATH, DEATH])).toBe(3);
    expect(told).toEqual([DEATH.message, DEATH.message]);
    await expect(run([DEATH, DEATH, DEATH])).rejects.toBe(DEATH);
  });

  it('counts only the threads that ended since there was a new state', async () => {
    const six = new Array<Error>(6).fill(DEATH);
    expect(await run(six, undefined, [3, 5])).toBe(7);
    await expect(run(six, undefined, [3])).rejects.toBe(DEATH);
    expect(told).toHaveLength(6 + 4);
  });

  it('throws every other error at once', async () => {
    await expect(run([new Error('no')])).rejects.toThrow('no');
    expect(told).toEqual([]);
  });

  it('ends its wait when it is stopped', async () => {
    const stop = new AbortController();
    const waiting = run([FULL], stop);
    const refused = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise<void>((resolve) => setImmediate(resolve));
    stop.abort();
    await refused;
  });

  it('runs nothing again that was stopped, whatever it fails with', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(run([FULL, DEATH], stop)).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toEqual([]);
  });
});
