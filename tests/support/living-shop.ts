/** A served shop with two trained models, for the tests of a catalogue that changes while it is served. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, startServerProcess } from './server-process';
import { type Mutate, mutateWith } from './trained-shop';

/** What the `tiny` preset makes. */
export const LEVELS = 2;
export const CODES = 8;

export interface LivingShop {
  readonly admin: TestClient;
  readonly visitor: TestClient;
  readonly databaseUrl: string;
  /** Global ids, by external id. */
  readonly itemIds: ReadonlyMap<string, string>;
  readonly modelVersionIds: readonly string[];
  readonly mutate: Mutate;
  /** Trains a model. @returns Its version's global id. */
  train(seed: number, meanwhile?: () => Promise<void>): Promise<string>;
  dispose(): Promise<void>;
}

/** Fills the shop and trains two models, each with a tokenizer of its own; the first is live. */
export async function openLivingShop(): Promise<LivingShop> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-living-'));
  const server = await startServerProcess(dir);
  const admin = testClient(server.url, ADMIN_KEY);
  const visitor = testClient(server.url);
  const mutate = mutateWith(admin);
  const train = async (seed: number, meanwhile?: () => Promise<void>) => {
    const live = visitor.subscribe(OPERATIONS['training-progress']);
    const { job } = await mutate('start-training', { preset: 'tiny', seed, activateWhenBetter: false });
    let isUnderWay = false;
    for (let phase = ''; phase !== 'DONE';) {
      const { data, errors } = await live.next();
      const progress = data?.trainingProgress;
      if (errors !== undefined || progress.job.status === 'FAILED') throw new Error(JSON.stringify({ errors, data }));
      phase = progress.phase;
      if (isUnderWay || progress.job.status === 'QUEUED') continue;
      isUnderWay = true;
      await meanwhile?.();
    }
    await live.dispose();
    const { trainingJob } = (await visitor.execute(OPERATIONS['training-job'], { id: job.id })).expectData();
    return trainingJob.modelVersion.id as string;
  };
  const { items } = await mutate('add-items', { items: littleItems() });
  await mutate('record-interactions', { interactions: littleInteractions() });
  const modelVersionIds = [await train(1), await train(2)];
  await mutate('activate-model-version', { modelVersionId: modelVersionIds[0] });
  return {
    admin,
    visitor,
    databaseUrl: `file:${join(dir, 'shop.db')}`,
    itemIds: new Map(items.map((item: { externalId: string; id: string }) => [item.externalId, item.id])),
    modelVersionIds,
    mutate,
    train,
    async dispose() {
      await server.stop();
      await rm(dir, { recursive: true });
    },
  };
}
