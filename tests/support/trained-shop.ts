/** A folder with the database and the live model of a little shop, for servers that are started in it. */
import { cp } from 'node:fs/promises';

import { type Subscription, testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { madeOnce } from './made-once';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, startServerProcess } from './server-process';

/** Tests look into payloads of every form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Payload = any;

/** Runs the mutation of a ready-made document. @returns Its payload. */
export type Mutate = (operation: string, input: object) => Promise<Payload>;

/**
 * Makes the folder: `shop.db` with the items and interactions of `little-shop`, and the checkpoint of version 1, which is live. A model of
 * the `tiny` preset is trained once for a test run, and copied after that.
 *
 * @param preset - Of the model; each has a folder of its own.
 */
export async function openTrainedShop(dir: string, preset = 'tiny'): Promise<void> {
  await cp(await trainedShop(preset), dir, { recursive: true });
}

function trainedShop(preset: string): Promise<string> {
  return madeOnce(`trained-shop-${preset}`, (dir) =>
    withServer(dir, async (admin) => {
      await mutateWith(admin)('upsert-items', { items: littleItems() });
      await mutateWith(admin)('record-interactions', { interactions: littleInteractions() });
      await train(admin, { preset: preset.toUpperCase() });
    }),
  );
}

/** Starts a server in the folder, does something with it, and stops it. */
export async function withServer(dir: string, work: (admin: TestClient) => Promise<unknown>): Promise<void> {
  const server = await startServerProcess(dir);
  await work(testClient(server.url, ADMIN_KEY));
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
