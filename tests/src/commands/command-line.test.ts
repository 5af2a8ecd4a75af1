import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

import Libsql from 'libsql';

import { PACKAGE_ROOT } from '../../../src/paths';
import { openCommandFolder } from '../../support/command-run';
import { startPostgres } from '../../support/postgres';

describe('runCommandLine', () => {
  const { dir, run, dispose } = openCommandFolder();
  afterAll(dispose);

  const COMMANDS = [
    'serve',
    'migrate',
    'import',
    'train',
    'evaluate',
    'recommend',
    'export',
    'erase',
    'keys',
    'doctor',
  ];

  it('lists every command in its help', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stderr).toBe('');
  });

  it.each(COMMANDS)('explains %s even when an environment variable is wrong', async (command) => {
    const { code, stdout } = await run([command, '--help'], { PORT: 'nonsense' });
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: tigerql ${command}`);
  });

  it.each(COMMANDS)('documents %s and its options in docs/cli.md', async (command) => {
    const documented = readFileSync(join(PACKAGE_ROOT, 'docs', 'cli.md'), 'utf8');
    const { stdout } = await run([command, '--help']);
    const options = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option);
    expect(options).toContain('--help');
    for (const word of [`\`${command}`, ...options]) expect(documented).toContain(word);
  });

  it.each([
    [[], 'Usage: tigerql'],
    [['fly'], "unknown command 'fly'"],
    [['import'], "missing required argument 'dir'"],
    [['recommend'], "required option '--user <id>' not specified"],
    [['erase'], "missing required argument 'user'"],
    [['erase', 'ann', ''], 'Expected a text of 1 to 200 characters.'],
    [['recommend', '--user', 'ann', '--first', '0'], 'Expected a whole number from 1 to 100.'],
    [['train', '--preset', 'huge'], 'Allowed choices are demo, base, paper, tiny.'],
    [['train', '--seed', '-1'], 'Expected a whole number'],
    [['keys', 'create', 'bob', '--role', 'KING'], 'Allowed choices are READER, WRITER, ADMIN.'],
    [['migrate', '--quickly'], "unknown option '--quickly'"],
  ])('refuses the arguments %j with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('prints a failure on one line, without the control characters of a file', async () => {
    const other = openCommandFolder();
    writeFileSync(join(other.dir, 'items.csv'), 'stock\u001b[2J_code,"a\nb"\n');
    writeFileSync(join(other.dir, 'events.csv'), '');
    const { code, stderr } = await other.run(['import', other.dir]);
    other.dispose();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tigerql: .*items\.csv:1: .* got stock \[2J_code,a b without stock_code\n$/);
  });

  it('prints what the database said, without the lines of code that asked', async () => {
    const other = openCommandFolder();
    await other.run(['migrate']);
    const file = new Libsql(join(other.dir, 'shop.db'));
    file.exec(`INSERT INTO "Item" ("externalId", "title", "searchTitle", "price") VALUES ('a', '', '', 'cheap')`);
    file.close();
    const { code, stderr } = await other.run(['export', join(other.dir, 'out')]);
    other.dispose();
    expect([code, stderr]).toEqual([1, "tigerql: database: Expected a float in column 'price', got string: cheap\n"]);
  });

  it('says that it is the database that gives no answer', async () => {
    const postgres = await startPostgres();
    const front = await openSilentAfterFirst(new URL(postgres.url));
    const { code, stderr } = await run(['keys', 'list'], {
      DATABASE_URL: front.url,
      DATABASE_CONNECT_TIMEOUT_MS: '2000',
    });
    await front.dispose();
    await postgres.dispose();
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^tigerql: database: .* connect.*\n$/)]);
  });

  it('prints a failure in one line, with exit code 1', async () => {
    const { code, stdout, stderr } = await run(['import', join(dir, 'nowhere')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`tigerql: ${join(dir, 'nowhere')}: expected a folder, got none\n`);
  });

  it('adds the stack when the log level is debug', async () => {
    const { stderr } = await run(['import', join(dir, 'nowhere')], { LOG_LEVEL: 'debug' });
    expect(stderr).toMatch(/expected a folder, got none\n\s+at .*read-dataset/);
  });

  it('names an environment variable that is wrong', async () => {
    const { code, stderr } = await run(['migrate'], { DATABASE_URL: 'mysql://x' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tigerql: DATABASE_URL: expected file:/);
  });
});

/** Stands before a server. Who connects after the first one, hears nothing. */
async function openSilentAfterFirst(to: URL) {
  const clients: Socket[] = [];
  const front = createServer((client) => {
    clients.push(client);
    if (clients.length === 1) client.pipe(connect(Number(to.port), to.hostname)).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const url = Object.assign(new URL(to), { host: `127.0.0.1:${(front.address() as AddressInfo).port}` });
  return {
    url: url.href,
    async dispose() {
      for (const client of clients) client.destroy();
      await once(front.close(), 'close');
    },
  };
}
