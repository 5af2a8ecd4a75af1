/** A served little shop with a live model, for the tests of the console. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process';

export interface ConsoleShop {
  readonly url: string;
  readonly admin: TestClient;
  /** Ends the server as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** Adds the items and the interactions, trains the `tiny` preset and puts it live. */
export async function openConsoleShop(): Promise<ConsoleShop> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-console-'));
  let server: ServerProcess = await startServerProcess(dir);
  const { url } = server;
  const admin = testClient(url, ADMIN_KEY);
  // Their texts become their vectors, as those of the items will that the tests add.
  await mutate(admin, 'add-items', { items: littleItems().map(({ embedding: _, ...item }) => item) });
  await mutate(admin, 'record-interactions', { interactions: littleInteractions() });
  await train(admin);
  return {
    url,
    admin,
    kill: () => server.kill(),
    async restart() {
      server = await startServerProcess(dir, { PORT: new URL(url).port });
    },
    async dispose() {
      await server.stop();
      await rm(dir, { recursive: true });
    },
  };
}

async function train(admin: TestClient): Promise<void> {
  const activations = admin.subscribe(OPERATIONS['active-model-changes']);
  await mutate(admin, 'start-training', { preset: 'tiny', seed: 1, activateWhenBetter: true });
  await activations.next();
  await activations.dispose();
}

async function mutate(admin: TestClient, operation: string, input: object): Promise<void> {
  const data = (await admin.execute(OPERATIONS[operation], { input })).expectData();
  const { userErrors } = Object.values(data)[0] as { userErrors: unknown[] };
  if (userErrors.length > 0) throw new Error(`${operation}: ${JSON.stringify(userErrors)}`);
}
