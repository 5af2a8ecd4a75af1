import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { auditOf } from '../../../src/commands/open-services';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('auditOf', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());

  it('stores what the command line did, and how it ended, before the call ends', async () => {
    const enter = auditOf(opened.database, new PassThrough());
    expect(await enter('import', { dir: '/shop' }, async () => 12)).toBe(12);
    await expect(enter('createApiKey', { name: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const rows = await opened.database.read.auditEntry.findMany({ orderBy: { id: 'asc' } });
    expect(rows).toMatchObject([
      {
        role: 'ADMIN',
        caller: 'command line',
        apiKeyId: null,
        mutation: 'import',
        input: '{"dir":"/shop"}',
        outcome: 'OK',
      },
      { mutation: 'createApiKey', outcome: expect.not.stringMatching(/^(OK|STARTED)$/) as string },
    ]);
  });

  it('says that it could not write, and does not undo what was done', async () => {
    const stderr = new PassThrough();
    const write = () => Promise.reject(new Error('the disk is full'));
    expect(await auditOf({ ...opened.database, write }, stderr)('import', {}, async () => 3)).toBe(3);
    expect(await text(stderr.end())).toBe('The audit log could not be written: Error: the disk is full\n');
  });
});
