/** A thread that asks a server for lists at a steady rate until it gets a message. It does not wait for the answers before. */
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { askForTen } from './graphql-client';

const REQUESTS_PER_SECOND = 20;
/** Users of the small shop. The requests go through them one by one. */
const USERS = 400;

void sendRequests(workerData as string);

/** Sends one message when the load has begun, and at the end one with the latencies in milliseconds. */
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
