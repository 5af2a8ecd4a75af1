import { join } from 'node:path';

import { MAX_LABEL } from '../../../graphql/common/limits';
import { ApiKeys } from '../../../src/api/api-keys';
import { openDatabase } from '../../../src/storage/database';
import { openCommandFolder } from '../../support/command-run';

describe('tigerql keys', () => {
  const { dir, run } = openCommandFolder();

  /** A fresh reader, since `ApiKeys` remembers what it has read. */
  async function roleOf(secret: string): Promise<string | null> {
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    const apiKeys = new ApiKeys(database);
    const role = (await apiKeys.keyOf(secret))?.role ?? null;
    await database.dispose();
    return role;
  }

  it('makes a key with a role, and revokes it once', async () => {
    const made = await run(['keys', 'create', 'importer', '--role', 'WRITER', '--json']);
    expect(made.code).toBe(0);
    const { id, secret } = JSON.parse(made.stdout) as { id: string; secret: string };
    expect(await roleOf(secret)).toBe('WRITER');
    expect((await run(['keys', 'revoke', id])).stdout).toBe(`Key ${id} is revoked.\n`);
    expect(await roleOf(secret)).toBeNull();
    const again = await run(['keys', 'revoke', id]);
    const stderr = `tigerql: id: expected a key that is in use (see keys list), got "${id}"\n`;
    expect(again).toEqual({ code: 1, stdout: '', stderr });
  });

  it('lists keys with the ids of the API and without secrets, and ends a key by such an id alone', async () => {
    const made = await run(['keys', 'create', 'till', '--expires', '2999-01-31', '--json']);
    const { id, secret } = JSON.parse(made.stdout) as { id: string; secret: string };
    const { keys } = JSON.parse((await run(['keys', 'list', '--json'])).stdout) as { keys: unknown[] };
    expect(keys[0]).toMatchObject({
      id,
      name: 'till',
      prefix: secret.slice(0, 11),
      expiresAt: '2999-01-31T00:00:00.000Z',
    });
    const { stdout } = await run(['keys', 'list']);
    expect(stdout).toContain(id);
    expect(stdout).not.toContain(secret);
    expect(await run(['keys', 'revoke', '1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('expected the id of an API key'),
    });
    for (const time of ['2000-01-01', '01.02.2999', '2999-02-30', 'in 2999'])
      expect((await run(['keys', 'create', 'late', '--expires', time])).code).toBe(2);
    for (const name of ['', 'n'.repeat(MAX_LABEL + 1)])
      expect(await run(['keys', 'create', name])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Expected a text of 1'),
      });
  });
});
