/** The subscriptions of docs/clients.md, as a page would run them: they outlast keys that end and servers that restart. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';

import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

import { PACKAGE_ROOT } from '../../src/paths';
import { type TestClient, testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith } from '../support/trained-shop';
import { until } from '../support/until';

type OpenSocket = (url: string, freshToken: () => Promise<string>) => Client;

/** @returns The function of the page, with graphql-ws as it is in Node: without a WebSocket of its own. */
async function documentedSocket(): Promise<OpenSocket> {
  const page = await readFile(join(PACKAGE_ROOT, 'docs', 'clients.md'), 'utf8');
  const code = [...page.matchAll(/```js\n(.*?)```/gs)]
    .map(([, block]) => block)
    .find((block) => block.includes('openSocket('));
  const script = code!.replace(/^import .*$/gm, '').replace('export ', '');
  const make = runInThisContext(`(createClient) => { ${script}; return openSocket; }`) as (
    create: unknown,
  ) => OpenSocket;
  return make((options: object) => createClient({ ...options, webSocketImpl: WebSocket } as never));
}

const dir = temporaryFolder();
let server: ServerProcess;
let admin: TestClient;

beforeAll(async () => {
  server = await startServerProcess(dir);
  admin = testClient(server.url, ADMIN_KEY);
}, 60_000);

afterAll(() => server.stop());

async function addItem(externalId: string): Promise<number> {
  const items = [{ externalId, title: externalId, embedding: littleItems()[0].embedding }];
  return (await mutateWith(admin)('upsert-items', { items })).catalogueVersion;
}

const makeKey = (name: string) => mutateWith(admin)('create-api-key', { name, role: 'READER' });

it('gives each change once, over a key that is revoked and a server that is killed', async () => {
  const keys = [await makeKey('first'), await makeKey('second')];
  const secrets = keys.map(({ secret }: { secret: string }) => secret);
  const socket = (await documentedSocket())(
    `${server.url.replace('http', 'ws')}/graphql`,
    async () => (secrets.length > 1 ? secrets.shift() : secrets[0])!,
  );
  const seen: number[] = [];
  const faults: unknown[] = [];
  const end = socket.subscribe(
    { query: OPERATIONS['catalogue-changes'], variables: { after: 0 } },
    {
      next: ({ data }) => void seen.push((data as { catalogueChanges: { version: number } }).catalogueChanges.version),
      error: (fault) => void faults.push(fault),
      complete: () => {},
    },
  );
  const versions = [await addItem('before')];
  await until(() => seen.length === 1);
  await mutateWith(admin)('revoke-api-key', { apiKeyId: keys[0].apiKey.id });
  versions.push(await addItem('with another key'));
  await until(() => seen.length === 2);
  const { port } = new URL(server.url);
  await server.kill();
  server = await startServerProcess(dir, { PORT: port });
  versions.push(await addItem('after a restart'));
  await until(() => seen.length === 3);
  expect({ seen, faults }).toEqual({ seen: versions, faults: [] });
  end();
  await socket.dispose();
}, 120_000);
