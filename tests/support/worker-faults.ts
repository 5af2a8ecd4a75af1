/**
 * Preloaded into a server by NODE_OPTIONS: ends its worker threads in the middle of what they do, until FAULTS_UNTIL (milliseconds since
 * 1970).
 */
import { isMainThread } from 'node:worker_threads';

/** Long enough to load the model and to make some lists with it. */
const MAX_LIFE_MS = 8_000;

const FAULTS = [
  () => {
    throw new Error('a fault of the test');
  },
  () => process.exit(3),
  () => fillMemory(),
];

function fillMemory(): never {
  for (const kept: number[][] = []; ;) kept.push(new Array<number>(100_000).fill(kept.length));
}

/** One thread in so many does not even start. */
const STILLBORN_SHARE = 0.1;

function fail(): void {
  if (Date.now() < Number(process.env.FAULTS_UNTIL)) FAULTS[Math.floor(Math.random() * FAULTS.length)]();
}

if (!isMainThread) {
  if (Math.random() < STILLBORN_SHARE) fail();
  setTimeout(fail, Math.random() * MAX_LIFE_MS).unref();
}
