import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import Libsql from 'libsql';

import { openCommandFolder } from '../../support/command-run';

describe('runCommandLine', () => {
  const { dir, run } = openCommandFolder();

  const COMMANDS = [
    'serve',
    'migrate',
    'import',
    'train',
    'evaluate',
    'recommend',
    'export',
    'backup',
    'restore',
    'prune',
    'keys',
    'mcp',
    'doctor',
  ];

  it('lists every command in its help', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stderr).toBe('');
  });

  it('gives the help of a command whatever the settings are', async () => {
    expect((await run(['train', '--help'], { PORT: 'nonsense' })).stdout).toContain('--reuse-tokenizer');
  });

  it.each([
    [[], 'Usage: tigerql'],
    [['fly'], "unknown command 'fly'"],
    [['import'], "missing required argument 'dir'"],
    [['recommend'], "required option '--user <id>' not specified"],
    [['recommend', '--user', 'ann', '--first', '0'], 'Expected a whole number from 1 to 100.'],
    [['train', '--preset', 'huge'], 'Allowed choices are demo, base, paper, tiny.'],
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
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tigerql: .*items\.csv:1: .* got stock \[2J_code,a b without stock_code\n$/);
  });

  it('prints what the database said, without the lines of code that asked', async () => {
    const other = openCommandFolder();
    await other.run(['migrate']);
    const file = new Libsql(join(other.dir, 'shop.db'));
    file.exec(`INSERT INTO "Item" ("externalId", "title", "sortTitle", "price") VALUES ('a', '', '', 'cheap')`);
    file.close();
    const { code, stderr } = await other.run(['export', join(other.dir, 'out')]);
    expect([code, stderr]).toEqual([1, "tigerql: database: Expected a float in column 'price', got string: cheap\n"]);
  });

  it('adds the stack when the log level is debug', async () => {
    const { stderr } = await run(['import', join(dir, 'nowhere')], { LOG_LEVEL: 'debug' });
    expect(stderr).toMatch(/expected a folder, got none\n\s+at .*read-dataset/);
  });
});
