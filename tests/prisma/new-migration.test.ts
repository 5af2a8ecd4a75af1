import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';

const migrations = () => readdirSync(join(PACKAGE_ROOT, 'prisma', 'migrations', 'sqlite'));

describe('new-migration.mjs', () => {
  it.each([[[]], [['With Blanks']], [['1_digit_first']]])('refuses the name in %j, and writes nothing', (args) => {
    const before = migrations();
    const script = join(PACKAGE_ROOT, 'prisma', 'new-migration.mjs');
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('Usage: node prisma/new-migration.mjs name_in_snake_case [--since REVISION]');
    expect(migrations()).toEqual(before);
  });
});
