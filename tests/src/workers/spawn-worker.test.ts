import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ResourceLimits } from 'node:worker_threads';

import { openWorker, type WorkerClient, askAgain } from '../../../src/workers/spawn-worker';
import { errorOf } from '../../support/error-of';

interface EchoProtocol {
  echo: { request: { type: 'echo'; value: unknown }; reply: { value: unknown; calls: number; workerData: unknown } };
  count: { request: { type: 'count'; to: number }; reply: number; event: number };
  fail: { request: { type: 'fail'; message: string }; reply: never };
  die: { request: { type: 'die' }; reply: never };
  crash: { request: { type: 'crash' }; reply: never };
  wait: { request: { type: 'wait' }; reply: never; event: string };
  compute: { request: { type: 'compute'; ms: number; isDone: Int32Array }; reply: string };
  limits: { request: { type: 'limits' }; reply: ResourceLimits };
  unknown: { request: { type: 'unknown' }; reply: never };
}

const ECHO_WORKER = join(__dirname, '../../support/echo-worker.js');

describe('spawnWorker', () => {
  let worker: WorkerClient<EchoProtocol>;

  beforeEach(() => {
    worker = openWorker(ECHO_WORKER, { setting: 7 });
  });
  afterEach(() => worker.dispose());

  it('answers each of several calls at once with its own reply', async () => {
    const values = ['a', 'b', 'c', 'd'];
    const replies = await Promise.all(values.map((value) => worker.call({ type: 'echo', value })));
    expect(replies.map((reply) => reply.value)).toEqual(values);
  });

  it('delivers events in order and before the reply', async () => {
    const events: number[] = [];
    const last = await worker.call({ type: 'count', to: 3 }, [], { onEvent: (event) => events.push(event) });
    expect(events).toEqual([1, 2, 3]);
    expect(last).toBe(3);
  });

  it("rejects with the handler's error: name, message and stack", async () => {
    const failure = worker.call({ type: 'fail', message: 'codes: expected 4, got 3' });
    await expect(failure).rejects.toMatchObject({
      name: 'RangeError',
      message: 'codes: expected 4, got 3',
      stack: expect.stringContaining('echo-worker.js'),
    });
  });

  it('holds a worker to the memory that it may take for new objects', async () => {
    const frugal = openWorker<EchoProtocol>(ECHO_WORKER, {}, { youngGenerationMb: 6 });
    await expect(frugal.call({ type: 'limits' })).resolves.toMatchObject({ maxYoungGenerationSizeMb: 6 });
    await frugal.dispose();
  });

  it('tells the worker when a call is aborted', async () => {
    const controller = new AbortController();
    const waiting = worker.call({ type: 'wait' }, [], {
      signal: controller.signal,
      onEvent: () => controller.abort(),
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect(worker.call({ type: 'wait' }, [], { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('aborts calls that run, and fails later ones, when disposed', async () => {
    const started = new Promise((resolve) => {
      const waiting = worker.call({ type: 'wait' }, [], { onEvent: resolve });
      waiting.catch(() => undefined);
    });
    await started;
    const pending = worker.call({ type: 'wait' });
    await Promise.all([worker.dispose(), expect(pending).rejects.toMatchObject({ name: 'AbortError' })]);
    await expect(worker.call({ type: 'echo', value: 1 })).rejects.toThrow('got a disposed one');
  });

  it('waits for a call that cannot be aborted, when disposed', async () => {
    const isDone = new Int32Array(new SharedArrayBuffer(4));
    const busy = worker.call({ type: 'compute', ms: 300, isDone });
    await worker.dispose();
    expect(isDone[0]).toBe(1);
    await expect(busy).resolves.toBe('computed');
  });

  it('starts its thread before the first call, when asked to', async () => {
    const starts = new Int32Array(new SharedArrayBuffer(4));
    const early = openWorker<EchoProtocol>(ECHO_WORKER, { starts });
    early.start();
    while (starts[0] === 0) await setTimeout(5);
    early.start();
    await early.call({ type: 'echo', value: 1 });
    expect(starts[0]).toBe(1);
    await early.dispose();
    early.start();
    await expect(early.call({ type: 'echo', value: 1 })).rejects.toThrow('got a disposed one');
  });
});

const named = (name: string) => Object.assign(new Error(name), { name });

/** @param failures - Of each attempt, in order; after them it succeeds. */
async function ask(...failures: readonly Error[]) {
  let attempts = 0;
  const result = askAgain(() => {
    const failure = failures[attempts++];
    return failure ? Promise.reject(failure) : Promise.resolve('reply');
  });
  const error = await errorOf(result);
  return { attempts, error, reply: error === null ? await result : null };
}

describe('askAgain', () => {
  const [died, lost] = ['WorkerDiedError', 'WorkerLostError'].map(named);

  it('asks a new thread when one has ended before its reply', async () => {
    expect(await ask()).toEqual({ attempts: 1, error: null, reply: 'reply' });
    expect(await ask(died, lost)).toEqual({ attempts: 3, error: null, reply: 'reply' });
  });

  it('leaves a call alone that ends each thread', async () => {
    expect(await ask(died, lost, died, died)).toEqual({ attempts: 3, error: died, reply: null });
  });

  it('takes an error that a worker replies with for its reply', async () => {
    const fault = new Error('no such item');
    expect(await ask(died, fault)).toEqual({ attempts: 2, error: fault, reply: null });
  });
});
