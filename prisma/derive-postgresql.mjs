/** Writes schema.postgresql.prisma from schema.prisma. With `--check`, it only reports whether the file is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const SOURCE = join(HERE, 'schema.prisma');
const DERIVED = join(HERE, 'schema.postgresql.prisma');
const HEAD = '// Derived from schema.prisma by derive-postgresql.mjs. Do not edit.\n';

const derived = derive(readFileSync(SOURCE, 'utf8'));
if (!process.argv.includes('--check')) {
  writeFileSync(DERIVED, derived);
} else if (readFileSync(DERIVED, 'utf8') !== derived) {
  console.error(
    'schema.postgresql.prisma: expected what schema.prisma gives, got an older version; run `node prisma/derive-postgresql.mjs`.',
  );
  process.exit(1);
}

/** The two schemas differ in three lines: the head, the folder of the client, and the name of the provider. */
function derive(schema) {
  return schema
    .replace(/^\/\/ .*\n/, HEAD)
    .replace('"./generated/sqlite"', '"./generated/postgresql"')
    .replace('provider = "sqlite"', 'provider = "postgresql"');
}
