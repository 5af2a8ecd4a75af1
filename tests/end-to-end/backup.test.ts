/** A backup of a server that is written to all the time, and a server on what was restored. */
import { join } from 'node:path';

import Libsql from 'libsql';

import { openDatabase } from '../../src/storage/database';
import { openCommandFolder } from '../support/command-run';
import { testClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { recomputedPrefixes, storedPrefixes } from '../support/prefix-counts';
import { ADMIN_KEY, startServerProcess, type ServerProcess } from '../support/server-process';
import { tigerql } from '../support/tigerql';
import { openTrainedShop } from '../support/trained-shop';

const { dir: root, run } = openCommandFolder();
const shop = join(root, 'shop');
const copy = join(root, 'copy');
let server: ServerProcess;

beforeAll(async () => {
  await openTrainedShop(shop);
  server = await startServerProcess(shop);
}, 60_000);

afterAll(() => server.stop());

const envOf = (dir: string) => ({ DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir });

async function mutate(operation: string, input: object): Promise<Record<string, unknown>> {
  const data = (await testClient(server.url, ADMIN_KEY).execute(OPERATIONS[operation], { input })).expectData();
  return Object.values(data)[0] as Record<string, unknown>;
}

/** Records numbered events, one call after another, until it is told to stop. */
function startWriter(name: string) {
  let acknowledged = 0;
  let isStopped = false;
  let onSome: () => void;
  const wroteSome = new Promise<void>((resolve) => (onSome = resolve));
  const write = async () => {
    while (!isStopped) {
      const event = { user: { externalId: name }, item: { externalId: `item-${acknowledged % 48}` } };
      await mutate('record-interactions', { interactions: [{ ...event, eventId: `${name}/${acknowledged}` }] });
      if (++acknowledged === 20) onSome();
    }
  };
  const done = write();
  return {
    acknowledged: () => acknowledged,
    /** Resolves when 20 are acknowledged. */
    wroteSome,
    async stop() {
      isStopped = true;
      await done;
    },
  };
}

function eventNumbers(path: string, name: string): number[] {
  const connection = new Libsql(path);
  try {
    const rows = connection
      .prepare('SELECT "eventId" FROM "Interaction" WHERE "eventId" LIKE ?')
      .raw()
      .all(`${name}/%`);
    return rows.map((row) => Number(String((row as unknown[])[0]).split('/')[1])).sort((a, b) => a - b);
  } finally {
    connection.close();
  }
}

it('backs up a server that is written to, and serves the same model from what is restored', async () => {
  const writers = ['first', 'second'].map(startWriter);
  await Promise.all(writers.map((writer) => writer.wroteSome));
  const before = writers.map((writer) => writer.acknowledged());
  const made = await tigerql(root, ['backup', copy, '--json'], envOf(shop));
  const after = writers.map((writer) => writer.acknowledged());
  for (const writer of writers) await writer.stop();
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(made.stdout)).toMatchObject({ missingCheckpoints: [], unfinishedJobs: 0 });

  const restored = join(root, 'restored');
  expect((await run(['restore', copy], envOf(restored))).code).toBe(0);
  for (const [i, name] of ['first', 'second'].entries()) {
    // All that was acknowledged before the start, nothing that was not sent before the end, and no gap between.
    const numbers = eventNumbers(join(restored, 'shop.db'), name);
    expect(numbers).toEqual(numbers.map((_, n) => n));
    expect(numbers.length).toBeGreaterThanOrEqual(before[i]);
    expect(numbers.length).toBeLessThanOrEqual(after[i] + 1);
  }
  const database = await openDatabase(`file:${join(restored, 'shop.db')}`);
  const { tokenizerId } = await database.read.modelVersion.findFirstOrThrow({ where: { status: 'ACTIVE' } });
  expect(await storedPrefixes(database, tokenizerId)).toEqual(await recomputedPrefixes(database, tokenizerId));
  await database.dispose();

  const second = await startServerProcess(restored);
  try {
    const listOf = async (url: string) => {
      const { recommendations } = (
        await testClient(url, ADMIN_KEY).execute(OPERATIONS.recommendations, {
          history: ['item-1', 'item-5'],
        })
      ).expectData();
      return recommendations;
    };
    const [live, copy] = [await listOf(server.url), await listOf(second.url)];
    expect(copy.modelVersion).toMatchObject({ number: 1 });
    expect(copy.nodes.map((node: { item: object }) => node.item)).toEqual(
      live.nodes.map((node: { item: object }) => node.item),
    );
    expect(copy.nodes.map((node: { source: string }) => node.source)).not.toContain('POPULARITY');
  } finally {
    await second.stop();
  }
}, 240_000);
