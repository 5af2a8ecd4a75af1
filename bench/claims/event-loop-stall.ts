/** The server's event loop keeps turning while models are trained and swapped in, and requests come in. */
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { createApp, type TigerApp } from '../../src/app';
import { readConfig } from '../../src/config';
import { startServer } from '../../src/http/server';
import type { Claim, Figures } from '../claim';
import { quantile } from '../harness';
import { shopEnvironment } from '../shop-address';

const RESOLUTION_MS = 1;

export const eventLoopStall: Claim = {
  name: 'event-loop-stall',
  what: "the event loop's longest stall during a whole demo training, its swap included, with 20 requests/s",
  unit: 'ms',
  limits: [{ on: 'ours', atMost: 20 }],
  shop: 'small',
  measure,
  peer: { kind: 'none' },
};

async function measure(shopDir: string): Promise<Figures> {
  const config = readConfig(shopEnvironment(shopDir));
  const app = await createApp(config);
  const server = await startServer(app, config);
  // A thread has its own event loop: the load does not weigh on the one that is watched.
  const load = new Worker(join(__dirname, '..', 'steady-load.js'), { workerData: server.url });
  await once(load, 'message');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await train(app);
  delay.disable();
  const ended = once(load, 'message');
  load.postMessage('stop');
  const [latencies] = (await ended) as [number[]];
  await server.close();
  // The monitor's own timer is part of what it measures.
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

/** From the request to the swap of the new model. */
async function train({ trainingJobs }: TigerApp): Promise<void> {
  const request = { preset: 'demo', seed: 1, reuseTokenizer: false, activateWhenBetter: true };
  const { job } = await trainingJobs.start(request);
  if (job === null) throw new Error('training: expected it to start, got a refusal');
  for (;;) {
    const present = await trainingJobs.job(job.id);
    if (present?.error != null) throw new Error(`training: expected it to go well, got ${present.error}`);
    if (present?.finishedAt != null) return;
    await pause(100);
  }
}
