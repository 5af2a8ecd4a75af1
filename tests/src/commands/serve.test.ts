import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { openDatabase } from '../../../src/storage/database';
import { testClient } from '../../support/graphql-client';
import { ADMIN_KEY, startServerProcess } from '../../support/server-process';
import { temporaryFolder } from '../../support/temporary-folder';
import { tigerql } from '../../support/tigerql';
import { mutateWith } from '../../support/trained-shop';

// The tests of a running server are in tests/end-to-end.
describe('tigerql serve', () => {
  const dir = temporaryFolder();

  it('ends with exit code 1 when the database has lost changes, so that a supervisor starts it anew', async () => {
    const folder = temporaryFolder();
    const server = await startServerProcess(folder);
    await mutateWith(testClient(server.url, ADMIN_KEY))('upsert-items', { items: [{ externalId: 'a', title: 'a' }] });
    const database = await openDatabase(`file:${join(folder, 'shop.db')}`);
    await database.write(({ catalogueLog }) => catalogueLog.deleteMany());
    await database.dispose();
    expect(await server.ended()).toBe(1);
    expect(server.output()).toMatch(
      /^tigerql: database: it has lost changes that this server had followed; .* start it anew$/m,
    );
  });

  it('ends with exit code 0 when it is stopped while the demo shop is loaded', async () => {
    const folder = join(dir, 'demo');
    mkdirSync(folder);
    const interrupt = (text: string) => (text.includes('Loading the demo shop') ? 'SIGINT' : null);
    const { code, stdout } = await tigerql(folder, ['serve'], { PORT: '0', HOST: '127.0.0.1' }, interrupt);
    expect([code, stdout]).toEqual([0, '']);
  });
});
