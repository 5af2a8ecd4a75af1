import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { runCommandLine } from '../../../src/commands/command-line';
import { readConfig } from '../../../src/config';
import { PACKAGE_ROOT } from '../../../src/paths';

describe('runCommandLine', () => {
  let dir: string;

  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'tigerql-cli-'))));
  afterAll(() => rmSync(dir, { recursive: true }));

  async function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const config = () => readConfig({ DATABASE_URL: `file:${join(dir, 'shop.db')}`, DATA_DIR: dir, ...variables });
    const code = await runCommandLine(args, { config, stdout, stderr, signal: new AbortController().signal });
    stdout.end();
    stderr.end();
    return { code, stdout: await text(stdout), stderr: await text(stderr) };
  }

  const COMMANDS = ['serve', 'migrate', 'import', 'train', 'evaluate', 'recommend', 'export', 'keys', 'doctor'];

  it('lists every command in its help', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stderr).toBe('');
  });

  it.each(COMMANDS)('explains %s, whatever the environment says', async (command) => {
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
    [['recommend', '--user', 'ann', '--first', '0'], 'Expected a whole number from 1 to 100.'],
    [['train', '--preset', 'huge'], 'Allowed choices are paper, base, demo, tiny.'],
    [['train', '--seed', '-1'], 'Expected a whole number'],
    [['keys', 'create', 'bob', '--role', 'KING'], 'Allowed choices are READER, WRITER, ADMIN.'],
    [['migrate', '--quickly'], "unknown option '--quickly'"],
  ])('refuses the arguments %j with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('says in one line what failed, with exit code 1', async () => {
    const { code, stdout, stderr } = await run(['import', join(dir, 'nowhere')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`tigerql: ${join(dir, 'nowhere')}: expected a folder, got none\n`);
  });

  it('adds the stack when the log level is debug', async () => {
    const { stderr } = await run(['import', join(dir, 'nowhere')], { LOG_LEVEL: 'debug' });
    expect(stderr).toMatch(/expected a folder, got none\n\s+at .*read-dataset/);
  });

  it('names a variable that is wrong', async () => {
    const { code, stderr } = await run(['migrate'], { DATABASE_URL: 'mysql://x' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tigerql: DATABASE_URL: expected file:/);
  });

  it('makes the database, and prints one JSON document when asked to', async () => {
    const { code, stdout, stderr } = await run(['migrate', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { provider, migrations } = JSON.parse(stdout);
    expect(provider).toBe('sqlite');
    expect(migrations[0]).toMatch(/_init$/);
  });

  it('finds a device that works, and the database, and says so', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    expect(code).toBe(0);
    const { device, devices, database } = JSON.parse(stdout) as {
      device: string;
      devices: { kind: string; works: boolean }[];
      database: { works: boolean };
    };
    expect(devices.find(({ works }) => works)?.kind).toBe(device);
    expect(database.works).toBe(true);
  });

  it('fails its examination when the database does not answer', async () => {
    const { code, stdout, stderr } = await run(['doctor'], { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/shop' });
    expect(code).toBe(1);
    expect(stdout).toContain('PostgreSQL 127.0.0.1:1');
    expect(stderr).toMatch(/^tigerql: database: PostgreSQL 127.0.0.1:1/m);
    expect(stdout + stderr).not.toContain('secret');
  });
});
