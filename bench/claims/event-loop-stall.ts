/** The server's event loop is never blocked for long while a model is trained and swapped in and requests arrive. */
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

import type { TigerApp } from '../../src/app';
import { followJob } from '../../src/commands/progress';
import type { Claim, Figures } from '../claim';
import { quantile } from '../harness';
import { withServer, type ServedShop } from '../served-shop';

const RESOLUTION_MS = 1;

export const eventLoopStall: Claim = {
  name: 'event-loop-stall',
  what: "the event loop's longest stall from the start of a demo training until its model is live, with 20 requests/s",
  unit: 'ms',
  limits: [{ on: 'ours', atMost: 20 }],
  shop: 'small',
  measure: (shopDir) => onCopyOf(shopDir, (dir) => withServer(dir, measure)),
  peer: { kind: 'none' },
};

/** The training makes another model live: the next run shall begin with the same shop. */
async function onCopyOf<T>(shopDir: string, work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-stall-'));
  try {
    await cp(shopDir, dir, { recursive: true });
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure({ url, app }: ServedShop): Promise<Figures> {
  // The load runs in a thread with its own event loop, so that it does not slow down the one that is measured.
  const load = new Worker(join(__dirname, '..', 'steady-load.js'), { workerData: url });
  await once(load, 'message');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await train(app);
  delay.disable();
  const ended = once(load, 'message');
  load.postMessage('stop');
  const [latencies] = (await ended) as [number[]];
  // The monitor's own timer is part of its figures.
  const stall = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    value: stall(delay.max),
    notes: {
      stallP99Ms: stall(delay.percentile(99)),
      requests: latencies.length,
      requestP50Ms: quantile(latencies, 0.5),
      requestP99Ms: quantile(latencies, 0.99),
    },
  };
}

/** Waits from the request until the new model is live. */
async function train({ trainingJobs }: TigerApp): Promise<void> {
  const request = { preset: 'demo', seed: 1, reuseTokenizer: false, activateWhenBetter: true } as const;
  const { job } = await trainingJobs.start(request);
  if (job === null) throw new Error('training: expected it to start, got a refusal');
  const { error } = await followJob(trainingJobs, job.id, process.stderr, new AbortController().signal);
  if (error !== null) throw new Error(`training: expected it to succeed, got ${error}`);
}
