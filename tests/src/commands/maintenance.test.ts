import { join } from 'node:path';

import { openDatabase } from '../../../src/storage/database';
import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';

describe('tigerql migrate', () => {
  const { run, dispose } = openCommandFolder();
  afterAll(dispose);

  it('makes the database, and prints one JSON document when asked to', async () => {
    const { code, stdout, stderr } = await run(['migrate', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { provider, migrations } = JSON.parse(stdout);
    expect(provider).toBe('sqlite');
    expect(migrations[0]).toMatch(/_init$/);
  });
});

describe('tigerql prune', () => {
  const { run, dispose } = openCommandFolder();
  afterAll(dispose);

  it('says when there is nothing to remove', async () => {
    await run(['migrate']);
    expect(await run(['prune', '--keep', '3'])).toMatchObject({ code: 0, stdout: 'There was no version to remove.\n' });
  });

  it.each([[[]], [['--keep', '0']]])('refuses to guess what to keep: %j', async (args) => {
    expect(await run(['prune', ...args])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('tigerql erase', () => {
  const { dir, run, runJson, dispose } = openCommandFolder();
  afterAll(dispose);

  it('erases users for good, says whom nobody knows, and can be repeated', async () => {
    writeLittleDataset(join(dir, 'dataset'));
    await runJson('import', join(dir, 'dataset'));
    const erased = await runJson('erase', 'user-1', 'nobody', 'user-2', 'user-1');
    expect(erased).toEqual({
      erasedExternalIds: ['user-1', 'user-2'],
      unknownExternalIds: ['nobody'],
      erasedInteractions: expect.any(Number),
    });
    expect(erased.erasedInteractions).toBeGreaterThan(1);
    expect(await run(['erase', 'user-3'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Erased 1 users with \d+ interactions\.\n$/),
    });
    expect(await run(['erase', 'user-1', 'user-3'])).toEqual({
      code: 0,
      stdout: 'Erased 0 users with 0 interactions. No user has the id "user-1", "user-3".\n',
      stderr: '',
    });
  });

  it('is CANCELLED in the audit log when it is stopped', async () => {
    expect(await run(['erase', 'user-4'], {}, AbortSignal.abort())).toMatchObject({
      code: 1,
      stderr: 'tigerql: stopped\n',
    });
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    const entry = await database.read.auditEntry.findFirst({ orderBy: { id: 'desc' } });
    await database.dispose();
    expect(entry).toMatchObject({ mutation: 'eraseUsers', outcome: 'CANCELLED' });
  });

  it('takes more users than one call of the API, and leaves their number alone in the audit log', async () => {
    const many = Array.from({ length: 1_001 }, (_, n) => `many-${n}`);
    const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
    await database.write(({ user }) =>
      user.createMany({ data: [{ externalId: 'many-0' }, { externalId: 'many-1000' }] }),
    );
    await database.write(({ auditEntry }) =>
      auditEntry.create({
        data: {
          role: 'STOREFRONT',
          caller: 'storefront user many-1',
          mutation: 'recordInteractions',
          input: '',
          outcome: 'OK',
        },
      }),
    );
    expect(await runJson('erase', ...many)).toMatchObject({ erasedExternalIds: ['many-0', 'many-1000'] });
    const entries = await database.read.auditEntry.findMany({ orderBy: { id: 'asc' } });
    expect(entries.at(-1)).toMatchObject({ caller: 'command line', mutation: 'eraseUsers', outcome: 'OK' });
    expect(entries.map(({ caller }) => caller)).toContain('erased storefront user');
    expect(JSON.stringify(entries)).not.toMatch(/many-|user-1/);
    await database.dispose();
  });
});
