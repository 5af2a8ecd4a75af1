/** A served little shop with a live model, for the tests of the console. */
import { cp } from 'node:fs/promises';

import { testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { madeOnce } from './made-once';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process';
import { temporaryFolder } from './temporary-folder';
import { mutateWith, train, withServer } from './trained-shop';

export interface ConsoleShop {
  /** The folder of the database and of DATA_DIR. */
  readonly dir: string;
  readonly url: string;
  readonly admin: TestClient;
  /** Ends the server as a power cut would. */
  kill(): Promise<void>;
  /**
   * Starts it again at the same address.
   *
   * @param more - Settings that it has this time.
   */
  restart(more?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the server, and removes the folder. */
  dispose(): Promise<void>;
}

/**
 * Starts a server with a copy of the shop: 48 items, and two versions of the `tiny` preset, the first of them live. They are trained once
 * for a test run.
 */
export async function openConsoleShop(env: Readonly<Record<string, string>> = {}): Promise<ConsoleShop> {
  const dir = temporaryFolder();
  await cp(await madeShop(), dir, { recursive: true });
  return serve(dir, env);
}

/** Starts a server without items. */
export async function openEmptyShop(): Promise<ConsoleShop> {
  return serve(temporaryFolder());
}

async function serve(dir: string, env: Readonly<Record<string, string>> = {}): Promise<ConsoleShop> {
  let server: ServerProcess = await startServerProcess(dir, env);
  const { url } = server;
  return {
    dir,
    url,
    admin: testClient(url, ADMIN_KEY),
    kill: () => server.kill(),
    async restart(more) {
      server = await startServerProcess(dir, { ...env, ...more, PORT: new URL(url).port });
    },
    async dispose() {
      await server.stop();
    },
  };
}

function madeShop(): Promise<string> {
  return madeOnce('console-shop', (dir) =>
    withServer(dir, async (admin) => {
      // The vectors come from the texts, as they do for the items that the tests add.
      await mutateWith(admin)('upsert-items', { items: littleItems().map(({ embedding: _, ...item }) => item) });
      await mutateWith(admin)('record-interactions', { interactions: littleInteractions() });
      await train(admin, { preset: 'TINY', seed: 1, activateWhenBetter: true });
      await train(admin, { preset: 'TINY', seed: 2, activateWhenBetter: false });
    }),
  );
}

export async function addItem({ admin }: ConsoleShop, externalId: string): Promise<void> {
  await mutateWith(admin)('upsert-items', { items: [{ externalId, title: externalId }] });
}

export async function removeItem({ admin }: ConsoleShop, externalId: string): Promise<void> {
  const query = 'query Id($externalId: String!) { item(externalId: $externalId) { id } }';
  const { item } = (await admin.execute(query, { externalId })).expectData();
  await mutateWith(admin)('remove-items', { items: [{ id: item.id }] });
}

export async function codesOf({ admin }: ConsoleShop, externalId: string): Promise<number[]> {
  const query = 'query Codes($externalId: String!) { item(externalId: $externalId) { semanticId { codes } } }';
  const { item } = (await admin.execute(query, { externalId })).expectData();
  return item.semanticId.codes;
}

/** @returns What the server lets the holder of a key do; undefined when it does not know the key. */
export async function roleOf({ url }: ConsoleShop, secret: string): Promise<string | undefined> {
  const { data } = await testClient(url, secret).execute('{ viewer { role } }');
  return data?.viewer.role;
}

/** Starts a training that does not end by itself soon. @returns Its job's id. */
export async function startLongTraining({ admin }: ConsoleShop): Promise<string> {
  const { job } = await mutateWith(admin)('start-training', { preset: 'DEMO', seed: 1, activateWhenBetter: false });
  return job.id;
}

export async function cancelTraining({ admin }: ConsoleShop, jobId: string): Promise<void> {
  await mutateWith(admin)('cancel-training', { jobId });
}
