/** A thread that asks a server for lists at even distances, whether or not the former requests are answered, until it is told to stop. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { askForTen } from './graphql-client';

const REQUESTS_PER_SECOND = 20;
/** Those of the small shop take turns. */
const USERS = 400;

void sendRequests(workerData as string);

/** Says when it is under way; at the end sends the latencies, in milliseconds. */
async function sendRequests(url: string): Promise<void> {
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  let isStopped = false;
  parentPort?.once('message', () => (isStopped = true));
  for (let sent = 0; !isStopped; sent++) {
    const begin = performance.now();
    running.push(askForTen(url, sent % USERS).then(() => void latencies.push(performance.now() - begin)));
    if (sent === REQUESTS_PER_SECOND) parentPort?.postMessage('under way');
    await pause(1000 / REQUESTS_PER_SECOND);
  }
  await Promise.all(running);
  parentPort?.postMessage(latencies);
}
