/** A served little shop with a live model, for the tests of the console. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testClient, type TestClient } from './graphql-client';
import { littleInteractions, littleItems } from './little-shop';
import { OPERATIONS } from './operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from './server-process';

export interface ConsoleShop {
  /** Of the database and of DATA_DIR. */
  readonly dir: string;
  readonly url: string;
  readonly admin: TestClient;
  /** Ends the server as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
  /** Ends the server, and leaves the folder. */
  stop(): Promise<void>;
  /** Ends the server, and removes the folder. */
  dispose(): Promise<void>;
}

/** Names the folder of a shop that was made once, for all files of a test run to copy. */
const MADE_SHOP = 'MADE_CONSOLE_SHOP';

/** Makes the usual shop for the files of this test run. */
export async function makeConsoleShop(): Promise<void> {
  const shop = await openConsoleShop();
  await shop.stop();
  process.env[MADE_SHOP] = shop.dir;
}

export async function removeMadeShop(): Promise<void> {
  const made = process.env[MADE_SHOP];
  if (made !== undefined) await rm(made, { recursive: true });
}

/**
 * Adds the items and the interactions, trains the `tiny` preset and puts it live; or goes on with a copy of a shop in which that was done.
 *
 * @param interactions - Absent: the usual ones.
 */
export async function openConsoleShop(
  env: Readonly<Record<string, string>> = {},
  interactions?: readonly object[],
): Promise<ConsoleShop> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-console-'));
  const made = interactions === undefined ? process.env[MADE_SHOP] : undefined;
  if (made !== undefined) await cp(made, dir, { recursive: true });
  let server: ServerProcess = await startServerProcess(dir, env);
  const { url } = server;
  const admin = testClient(url, ADMIN_KEY);
  if (made === undefined) await fill(admin, interactions ?? littleInteractions());
  return {
    dir,
    url,
    admin,
    kill: () => server.kill(),
    async restart() {
      server = await startServerProcess(dir, { ...env, PORT: new URL(url).port });
    },
    stop: async () => void (await server.stop()),
    async dispose() {
      await server.stop();
      await rm(dir, { recursive: true });
    },
  };
}

async function fill(admin: TestClient, interactions: readonly object[]): Promise<void> {
  // Their texts become their vectors, as those of the items will that the tests add.
  await mutate(admin, 'add-items', { items: littleItems().map(({ embedding: _, ...item }) => item) });
  await mutate(admin, 'record-interactions', { interactions });
  await train(admin);
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

/** Makes version `number`, which does not become active by itself. */
export async function trainTiny(
  { admin }: ConsoleShop,
  number: number,
  options: { readonly reuseTokenizer?: boolean } = {},
): Promise<void> {
  const input = { preset: 'tiny', seed: number, activateWhenBetter: false, ...options };
  const start = 'mutation Train($input: StartTrainingInput!) { startTraining(input: $input) { job { id } } }';
  const { startTraining } = (await admin.execute(start, { input })).expectData() as {
    startTraining: { job: { id: string } };
  };
  // By its job, since the end of the training before may be told late; from the first event, since this one may have ended already.
  const progress = admin.subscribe(
    'subscription Ended($job: ID!) { trainingProgress(jobId: $job, after: 0) { phase } }',
    {
      job: startTraining.job.id,
    },
  );
  while (!JSON.stringify(await progress.next()).includes('DONE'));
  await progress.dispose();
}

export async function addItem({ admin }: ConsoleShop, externalId: string): Promise<void> {
  const items = [{ externalId, title: externalId }];
  await admin.execute('mutation Add($items: [NewItem!]!) { addItems(input: { items: $items }) { catalogueVersion } }', {
    items,
  });
}

export async function removeItem({ admin }: ConsoleShop, externalId: string): Promise<void> {
  const query = 'query Id($externalId: String!) { item(externalId: $externalId) { id } }';
  const { item } = (await admin.execute(query, { externalId })).expectData() as { item: { id: string } };
  await mutate(admin, 'remove-items', { itemIds: [item.id] });
}

export async function codesOf({ admin }: ConsoleShop, externalId: string): Promise<number[]> {
  const query = 'query Codes($externalId: String!) { item(externalId: $externalId) { semanticId { codes } } }';
  const { item } = (await admin.execute(query, { externalId })).expectData() as {
    item: { semanticId: { codes: number[] } };
  };
  return item.semanticId.codes;
}

/** @returns What the server lets the holder of a key do; undefined when it does not know the key. */
export async function roleOf({ url }: ConsoleShop, secret: string): Promise<string | undefined> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  const { data } = (await response.json()) as { data?: { viewer: { role: string } } };
  return data?.viewer.role;
}
