import { type AddressInfo, createServer } from 'node:net';

import { Client } from 'pg';

import { DATABASE_DEFAULTS } from '../../../src/config';
import { openDatabase, openForReading } from '../../../src/storage/database';
import { isConnectionLost } from '../../../src/storage/database-error';
import { RequestReads } from '../../../src/storage/request-reads';
import { errorOf } from '../../support/error-of';
import { openTestPostgres, startPostgres } from '../../support/postgres';
import { openVanishing } from '../../support/vanishing-server';

/** A message of PostgreSQL's protocol: its kind, its length, and what it says. */
function postgresMessage(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}

function fatal(code: string, text: string): Buffer {
  return postgresMessage('E', Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`));
}

/** Stands for a PostgreSQL that answers each new connection with these messages in one packet, and closes it. */
async function openSaying(say: () => readonly Buffer[]) {
  const server = createServer((client) => {
    client.on('error', () => undefined).once('data', () => client.end(Buffer.concat(say())));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/shop`, server };
}

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('postgresqlPool', () => {
  it('waits where a role may have fewer connections than the servers would take', async () => {
    const opened = await openTestPostgres();
    const admin = new Client({ connectionString: opened.url });
    await admin.connect();
    await admin.query("CREATE ROLE scarce LOGIN PASSWORD 'scarce' CONNECTION LIMIT 10");
    await admin.query('GRANT ALL ON ALL TABLES IN SCHEMA public TO scarce');
    await admin.query('GRANT CREATE ON SCHEMA public TO scarce');
    await admin.query('GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO scarce');
    const url = opened.url.replace('postgres:password', 'scarce:scarce');
    // On a busy machine the last one waits longer than the default.
    const settings = { ...DATABASE_DEFAULTS, connectTimeoutMs: 60_000 };
    const servers = [await openDatabase(url, settings), await openDatabase(url, settings)];
    const reads = servers.map(({ hotPath }) => new RequestReads(hotPath));
    const errors = await Promise.all(
      Array.from({ length: 300 }, (_, n) => {
        const server = servers[n % 2];
        if (n % 3 === 0) return errorOf(server.read.user.count());
        if (n % 3 === 1) return errorOf(reads[n % 2].user(`user ${n}`));
        return errorOf(server.write(({ user }) => user.create({ data: { externalId: `user ${n}` } })));
      }),
    );
    expect(errors.filter((error) => error !== null)).toEqual([]);
    expect(await servers[0].read.user.count()).toBe(100);
    for (const server of servers) await server.dispose();
    await admin.end();
    await opened.dispose();
  }, 120_000);

  it('answers what is asked while PostgreSQL restarts, and makes a transaction that was cut once more', async () => {
    const server = await startPostgres();
    const database = await openDatabase(server.url, { ...DATABASE_DEFAULTS, poolSize: 4, connectTimeoutMs: 60_000 });
    const reads = new RequestReads(database.hotPath);
    let isRestarting = true;
    let attempts = 0;
    const asking = async (ask: () => Promise<unknown>) => {
      let errors = 0;
      while (isRestarting) if ((await errorOf(ask())) !== null) errors++;
      return errors;
    };
    const errors = [
      asking(() => database.read.user.count()),
      asking(() => database.read.$queryRaw`SELECT 1 FROM pg_sleep(0.2)`),
      asking(() => reads.user('ann')),
    ];
    await database.write(async (transaction) => {
      attempts++;
      await transaction.user.create({ data: { externalId: 'ann' } });
      if (attempts === 1) await server.restart();
      await transaction.user.create({ data: { externalId: 'bob' } });
    });
    isRestarting = false;
    expect(await Promise.all(errors)).toEqual([0, 0, 0]);
    expect(attempts).toBe(2);
    const users = await database.read.user.findMany({ orderBy: { externalId: 'asc' } });
    expect(users.map(({ externalId }) => externalId)).toEqual(['ann', 'bob']);
    await database.dispose();
    await server.dispose();
  }, 60_000);

  it('goes on when the machine of the database vanishes without a word and another one takes its place', async () => {
    const opened = await openTestPostgres();
    const proxy = await openVanishing(new URL(opened.url));
    const settings = { ...DATABASE_DEFAULTS, poolSize: 1, statementTimeoutMs: 3_000, connectTimeoutMs: 60_000 };
    const database = await openDatabase(proxy.url, settings);
    expect(await database.read.user.count()).toBe(0);
    proxy.vanish();
    expect(await database.read.user.count()).toBe(0);
    let attempts = 0;
    await database.write(async ({ user }) => {
      if (++attempts === 1) proxy.vanish();
      await user.create({ data: { externalId: 'ann' } });
    });
    expect(attempts).toBe(2);
    expect(await database.read.user.count()).toBe(1);
    await database.dispose();
    await proxy.dispose();
    await opened.dispose();
  }, 120_000);

  it('ends the transaction of a process that stands still, so that others can write', async () => {
    const opened = await openTestPostgres();
    const sleeper = await openDatabase(opened.url);
    const [hasBegun, mayEnd] = [gate(), gate()];
    const sleeping = errorOf(sleeper.write(() => (hasBegun.open(), mayEnd.opened)));
    await hasBegun.opened;
    await opened.database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    mayEnd.open();
    expect(isConnectionLost(await sleeping)).toBe(true);
    await sleeper.dispose();
    await opened.dispose();
  }, 60_000);

  it('asks a pooler that refuses a parameter once, and says which', async () => {
    let attempts = 0;
    const { url, server: pooler } = await openSaying(() => {
      attempts++;
      return [fatal('08P01', 'unsupported startup parameter: lock_timeout')];
    });
    await expect(openDatabase(url)).rejects.toThrow(/unsupported startup parameter: lock_timeout; a pooler/);
    expect(attempts).toBe(1);
    const reader = await openForReading(url);
    expect(String(await errorOf(reader.read.user.count()))).toContain('lock_timeout');
    expect(attempts).toBe(2);
    await reader.dispose();
    await new Promise((resolve) => pooler.close(resolve));
  });
});
