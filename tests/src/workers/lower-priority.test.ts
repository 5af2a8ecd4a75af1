import { getPriority } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { PACKAGE_ROOT } from '../../../src/paths';

/** Priorities of a thread, and of one that it starts, after it has asked for a lower one. */
const THREAD = `
  const { readlinkSync } = require('node:fs');
  const { getPriority } = require('node:os');
  const { parentPort, Worker } = require('node:worker_threads');
  const own = () => getPriority(Number(readlinkSync('/proc/thread-self').split('/').pop()));
  require(${JSON.stringify(join(PACKAGE_ROOT, 'dist', 'src', 'workers', 'lower-priority.js'))}).lowerThreadPriority(7);
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
