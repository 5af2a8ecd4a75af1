/** A folder with the database and the live model of a little shop, for servers that are started in it. */
import { mkdir } from 'node:fs/promises';

import { type Subscription, testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, startServerProcess } from './server-process';

/** Tests look into payloads of every form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Payload = any;

/** Runs the mutation of a ready-made document. @returns Its payload. */
export type Mutate = (operation: string, input: object) => Promise<Payload>;

/**
 * @param more - What is done with the shop besides, before its server is stopped.
 * @param preset - Of its model.
 */
export async function openTrainedShop(
  dir: string,
  more: (mutate: Mutate, admin: TestClient) => Promise<unknown>,
  preset = 'tiny',
): Promise<void> {
  await mkdir(dir, { recursive: true });
  const server = await startServerProcess(dir);
  const admin = testClient(server.url, ADMIN_KEY);
  const mutate = mutateWith(admin);
  await mutate('add-items', { items: littleItems() });
  await mutate('record-interactions', { interactions: littleInteractions() });
  await train(admin, { preset });
  await more(mutate, admin);
  await server.stop();
}

export function mutateWith(admin: TestClient): Mutate {
  return async (operation, input) =>
    Object.values((await admin.execute(OPERATIONS[operation], { input })).expectData())[0];
}

/** Runs a training to its end. @returns Its job. */
export async function train(admin: TestClient, input: object): Promise<Payload> {
  const { job } = await mutateWith(admin)('start-training', input);
  return finishedJob(admin, job.id);
}

/** @throws {Error} When the job fails. */
export async function finishedJob(admin: TestClient, id: string): Promise<Payload> {
  const news = trainingNews(admin, id);
  try {
    for (;;) {
      const status = await nextStatus(news);
      if (status !== 'SUCCEEDED' && status !== 'FAILED') continue;
      const { trainingJob } = (await admin.execute(OPERATIONS['training-job'], { id })).expectData();
      if (status === 'SUCCEEDED') return trainingJob;
      throw new Error(`training: expected success, got ${trainingJob.error}`);
    }
  } finally {
    await news.dispose();
  }
}

const MAX_DEATHS = 5;

/**
 * @returns Whether a job was killed so often since its last state that it should be left alone until its next one: after twice as many
 * it would fail, as it should. A slow machine kills faster than it trains.
 */
export function isStuck({ deaths, finishedAt }: { readonly deaths: number; readonly finishedAt: unknown }): boolean {
  return finishedAt === null && deaths >= MAX_DEATHS;
}

/** The events of a job from its beginning, those of the past too. */
function trainingNews(admin: TestClient, id: string): Subscription {
  return admin.subscribe('subscription ($id: ID!) { trainingProgress(jobId: $id, after: 0) { job { status } } }', {
    id,
  });
}

/** @returns The job's status at the next event. @throws {Error} When no more events come. */
async function nextStatus(news: Subscription): Promise<string> {
  const end = news.ended.then((cause) => {
    throw new Error(`training: expected more events, got ${JSON.stringify(cause ?? 'the end')}`);
  });
  const { data } = await Promise.race([news.next(), end]);
  return data.trainingProgress.job.status;
}
