/** The built server is stopped while it trains and while clients wait for lists that it has no time to finish. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { startPostgres } from '../support/postgres';
import { ADMIN_KEY, startServerProcess } from '../support/server-process';
import { openTrainedShop } from '../support/trained-shop';

const LIST = { history: ['item-4', 'item-8'], first: 10 };

it('ends with exit code 0 however little time running requests get, and goes on with the training at the next start', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-shutdown-'));
  await openTrainedShop(dir, (mutate) => mutate('start-training', { preset: 'base' }));
  for (let n = 0; n < 3; n++) {
    const server = await startServerProcess(dir, { TIGERQL_SHUTDOWN_GRACE_MS: '1' });
    const visitor = testClient(server.url);
    const ask = () => visitor.execute(OPERATIONS['history-recommendations'], LIST);
    await ask();
    const waiting = Promise.allSettled(Array.from({ length: 16 }, ask));
    expect(await server.stopped()).toEqual({ code: 0, signal: null });
    await waiting;
  }
  const server = await startServerProcess(dir);
  const answer = await testClient(server.url, ADMIN_KEY).execute('{ trainingJobs(first: 1) { nodes { status } } }');
  expect(answer.expectData().trainingJobs.nodes).toEqual([{ status: expect.stringMatching(/QUEUED|RUNNING/) }]);
  await server.stop();
  await rm(dir, { recursive: true });
}, 180_000);

it('ends though the database says nothing any more, as when its machine has vanished', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-silence-'));
  await chmod(dir, 0o755); // PostgreSQL may have a user of its own
  const postgres = await startPostgres(dir);
  const server = await startServerProcess(dir, { DATABASE_URL: postgres.url, TIGERQL_SHUTDOWN_GRACE_MS: '1' });
  const processes = processesOf(dir);
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  const unanswered = fetch(`${server.url}/graphql?query={catalogue{version}}`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'apollo-require-preflight': 'true' },
  });
  await expect(Promise.all([server.stopped(), unanswered.catch(() => null)])).resolves.toMatchObject([
    { code: null, signal: 'SIGKILL' },
    null,
  ]);
  expect(server.output()).toContain('stop: expected all parts to end within 15001 ms');
  for (const pid of processes) process.kill(pid, 'SIGCONT');
  await postgres.dispose();
  await rm(dir, { recursive: true });
}, 180_000);

/** @returns The ids of PostgreSQL's processes, of which the first one has the folder in its command. */
function processesOf(dir: string): number[] {
  const found = (...args: string[]) => execFileSync('pgrep', args, { encoding: 'utf8' }).trim().split('\n').map(Number);
  const [first] = found('-f', `^\\S*postgres .*${dir}`);
  return [first, ...found('-P', String(first))];
}
