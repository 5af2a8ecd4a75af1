import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tigerql } from '../../support/tigerql';

// What a running server does is in tests/end-to-end.
describe('tigerql serve', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-serve-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('names the port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const env = { PORT: String(port), HOST: '127.0.0.1', TIGERQL_DEMO: 'false' };
    const { code, stderr } = await tigerql(dir, ['serve'], env);
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`tigerql: PORT: expected a free port, got ${port}, which is in use`);
  });
});
