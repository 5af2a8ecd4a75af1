/** The built server is stopped while it trains and while clients wait for lists that it has no time to finish. */
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { get } from 'node:http';
import { createConnection } from 'node:net';
import { join } from 'node:path';

import { openDatabase } from '../../src/storage/database';
import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { openTestPostgres } from '../support/postgres';
import { ADMIN_KEY, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { tigerql } from '../support/tigerql';
import { mutateWith, openTrainedShop } from '../support/trained-shop';
import { openVanishing } from '../support/vanishing-server';

const LIST = { history: ['item-4', 'item-8'], first: 10 };

it('ends with exit code 0 however little time running requests get, and leaves a training that goes on at the next start', async () => {
  const dir = temporaryFolder();
  await openTrainedShop(dir);
  const server = await startServerProcess(dir, { TIGERQL_SHUTDOWN_GRACE_MS: '1' });
  await mutateWith(testClient(server.url, ADMIN_KEY))('start-training', { preset: 'DEMO' });
  const visitor = testClient(server.url);
  const ask = () => visitor.execute(OPERATIONS.recommendations, LIST);
  await ask();
  const waiting = Promise.allSettled(Array.from({ length: 16 }, ask));
  expect(await server.stopped()).toEqual({ code: 0, signal: null });
  await waiting;
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  const job = await database.read.trainingJob.findFirstOrThrow({ orderBy: { id: 'desc' } });
  expect(job).toMatchObject({ preset: 'demo', status: expect.stringMatching(/QUEUED|RUNNING/), finishedAt: null });
  await database.dispose();
}, 180_000);

it('answers what has reached its port when it is told to end, and keeps its files from other users', async () => {
  const dir = temporaryFolder();
  const server = await startServerProcess(dir);
  const names = (await readdir(dir)).filter((name) => name.startsWith('shop.db'));
  const modes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).mode & 0o007));
  expect(modes).toEqual(names.map(() => 0));
  expect(names).toContain('shop.db');
  const ask = () =>
    new Promise<string>((resolve) => {
      const request = get(`${server.url}/health/live`, { agent: false }, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)));
      });
      request.on('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
    });
  const before = Array.from({ length: 100 }, ask);
  await once(createConnection(Number(new URL(server.url).port), '127.0.0.1'), 'connect'); // the others have reached it, too
  const ended = server.stopped();
  const after = Array.from({ length: 100 }, ask);
  expect(new Set(await Promise.all([...before, ...after]))).toEqual(new Set(['200']));
  expect(await ended).toEqual({ code: 0, signal: null });
}, 60_000);

it('ends though the database says nothing any more, as when its machine has vanished', async () => {
  const dir = temporaryFolder();
  const postgres = await openTestPostgres();
  const database = await openVanishing(new URL(postgres.url));
  const server = await startServerProcess(dir, { DATABASE_URL: database.url, TIGERQL_SHUTDOWN_GRACE_MS: '1' });
  database.vanishForGood();
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'apollo-require-preflight': 'true' };
  const asked = fetch(`${server.url}/graphql?query={catalogue{version}}`, { headers }).catch(() => null);
  expect(await server.stopped()).toEqual({ code: null, signal: 'SIGKILL' });
  expect([undefined, 503]).toContain((await asked)?.status); // it may have learned before its end that the database is away
  expect(server.output()).toContain('stop: expected all parts to end within 15001 ms');
  await database.dispose();
  await postgres.dispose();
}, 180_000);

it('prints a list of the model, and tells of no lost worker when a command ends before all of its workers have the model', async () => {
  const dir = temporaryFolder();
  await openTrainedShop(dir);
  const args = ['recommend', '--user', 'user-0', '--first', '4'];
  const { code, stdout, stderr } = await tigerql(dir, args, { TIGERQL_DECODE_WORKERS: '3' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trim().split('\n')).toHaveLength(5);
  expect(stdout).toMatch(/^rank +score +decoder +item head +item /);
  expect(stdout).toMatch(/^ +1( +(-\d+\.\d\d|–)){3} +item-\d+ .*<a_\d+>.* (GENERATED|ITEM_HEAD|EVIDENCE)$/m);
}, 120_000);
