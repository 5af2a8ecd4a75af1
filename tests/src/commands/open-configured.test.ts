import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { openCommandFolder } from '../../support/command-run';

describe('commands on a SQLite file that does not exist', () => {
  const { dir, run, dispose } = openCommandFolder();
  afterAll(dispose);

  it.each([
    [['export', join(dir, 'out')]],
    [['keys', 'list']],
    [['keys', 'revoke', 'QXBpS2V5OjM']],
    [['prune', '--keep', '1']],
    [['doctor', '--repair']],
    [['recommend', '--user', '1']],
    [['train']],
  ])('refuse to make it: %j', async (args) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([
      1,
      `tigerql: SQLite file ${join(dir, 'shop.db')}: expected a database (see DATABASE_URL), got none\n`,
    ]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('make it when they begin a shop', async () => {
    expect((await run(['keys', 'create', 'importer'])).code).toBe(0);
    expect(existsSync(join(dir, 'shop.db'))).toBe(true);
  });
});
