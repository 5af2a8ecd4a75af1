/** A server whose disk is full when it has to fetch the active model. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { type TestClient, testClient } from '../support/graphql-client';
import { littleInteractions, littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { openTestPostgres } from '../support/postgres';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { canMountDisks, fill, onDisk } from '../support/small-disk';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith, train } from '../support/trained-shop';
import { until } from '../support/until';
import { useOpened } from '../support/use-opened';

const withDisk = canMountDisks() ? it : it.skip;
const LIST = '{ user(externalId: "user-1") { recommendations(first: 3) { nodes { source } } } }';

describe('a server with a full disk', () => {
  const root = temporaryFolder();
  const servers: ServerProcess[] = [];
  const database = useOpened(openTestPostgres);

  async function start(dir: string, env = {}): Promise<{ server: ServerProcess; admin: TestClient }> {
    mkdirSync(dir, { recursive: true });
    const server = await startServerProcess(dir, { DATABASE_URL: database.url, LOG_LEVEL: 'warn', ...env });
    servers.push(server);
    return { server, admin: testClient(server.url, ADMIN_KEY) };
  }
  const sourcesOf = async (admin: TestClient) => {
    const { user } = (await admin.execute(LIST)).expectData();
    return new Set(user.recommendations.nodes.map(({ source }: { source: string }) => source));
  };

  withDisk(
    'shows popular items, says why in log and readiness, and has the model as soon as there is room',
    async () => {
      const small = join(root, 'small');
      mkdirSync(small);
      await onDisk(small, '32m', async () => {
        try {
          const { admin } = await start(join(root, 'trainer'));
          await mutateWith(admin)('upsert-items', { items: littleItems() });
          await mutateWith(admin)('record-interactions', { interactions: littleInteractions() });
          const { server: full, admin: visitor } = await start(small, { TIGERQL_ROLE: 'serve' });
          fill(join(small, 'ballast'));
          const activations = visitor.subscribe(OPERATIONS['active-model-changes']);
          await visitor.execute('{ __typename }');
          await train(admin, { preset: 'TINY' });
          await activations.next();

          await untilReadinessSays(full, 'the cache of checkpoints cannot be written');
          expect(await sourcesOf(visitor)).toEqual(new Set(['POPULARITY']));

          rmSync(join(small, 'ballast'));
          await until(async () => !(await sourcesOf(visitor)).has('POPULARITY'));
          expect(full.output()).toMatch(/the cache of checkpoints cannot be written: ENOSPC/);
          await activations.dispose();
        } finally {
          await Promise.all(servers.map((server) => server.kill()));
        }
      });
    },
    180_000,
  );
});

/** At first it may say only that the model is not there: the cause is known once the server has tried. It is ready all the same. */
async function untilReadinessSays({ url }: ServerProcess, cause: string): Promise<void> {
  await until(async () => {
    const response = await fetch(`${url}/health/ready`);
    return (await response.text()).includes(cause) && response.status === 200;
  });
}
