/** Writes schema.postgresql.prisma from schema.prisma; with `--check`, only says whether it is up to date. */
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
  console.error('schema.postgresql.prisma is stale: run `node prisma/derive-postgresql.mjs`.');
  process.exit(1);
}

/** The two providers differ in three lines: the head, where the client goes, and the provider's name. */
function derive(schema) {
  return schema
    .replace(/^\/\/ .*\n/, HEAD)
    .replace('"./generated/sqlite"', '"./generated/postgresql"')
    .replace('provider = "sqlite"', 'provider = "postgresql"');
}
