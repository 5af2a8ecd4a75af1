import { getPriority } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { PACKAGE_ROOT } from '../../../src/paths';
import { decodeWorkerPlan, defaultDecodeWorkers, roomHere } from '../../../src/workers/machine-share';

const GIB = 2 ** 30;

describe('defaultDecodeWorkers', () => {
  it.each([
    [2, 8 * GIB, 2],
    [16, 64 * GIB, 16],
    [8, 1.5 * GIB, 3], // 1536 = 768 + 2 · 384 MiB
    [8, 0.5 * GIB, 1],
  ])('takes for %d cores and %d bytes %d workers', (cores, memoryBytes, expected) => {
    expect(defaultDecodeWorkers('onnx-cpu', { cores, memoryBytes })).toBe(expected);
  });

  it('takes one for a graphics card, which has one copy of the model then', () => {
    expect(defaultDecodeWorkers('onnx-cuda', { cores: 16, memoryBytes: 64 * GIB })).toBe(1);
  });
});

describe('decodeWorkerPlan', () => {
  it('gives a thread to each of several workers, and one a core to a worker alone', () => {
    expect(decodeWorkerPlan('onnx-cpu', 3)).toEqual({ count: 3, threads: 1 });
    expect(decodeWorkerPlan('onnx-cpu', 1)).toEqual({ count: 1, threads: roomHere().cores });
    expect(decodeWorkerPlan('onnx-cpu').count).toBe(defaultDecodeWorkers('onnx-cpu'));
  });
});

/** Priorities of a thread, and of one that it starts, after it has asked for a lower one. */
const THREAD = `
  const { readlinkSync } = require('node:fs');
  const { getPriority } = require('node:os');
  const { parentPort, Worker } = require('node:worker_threads');
  const own = () => getPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()));
  require(${JSON.stringify(join(PACKAGE_ROOT, 'dist', 'src', 'workers', 'machine-share.js'))}).lowerThreadPriority(7);
  new Worker(
    "const own = " + own + "; const { readlinkSync } = require('node:fs'); const { getPriority } = require('node:os');" +
    "require('node:worker_threads').parentPort.postMessage(own())", { eval: true },
  ).on('message', (child) => parentPort.postMessage({ own: own(), child }));
`;

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('lowerThreadPriority', () => {
  onLinux('lowers the thread and those that it starts, and no other', async () => {
    const before = getPriority();
    const worker = new Worker(THREAD, { eval: true });
    const priorities = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    expect(priorities).toEqual({ own: 7, child: 7 });
    expect(getPriority()).toBe(before);
  });
});
