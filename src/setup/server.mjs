/** The server's code in dist/: the database clients, generated, and TypeScript, compiled. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { asksFor, DIST, files, isStamped, packageFile, ROOT, run, stampOf } from './steps.mjs';

const SOURCES = ['graphql', 'models', 'src', 'seeds', 'prisma', 'bench'];
/** Programs that search for failures, and the parts of the tests that they use. */
const SOAK_SOURCES = ['tests/soak', 'tests/support'];

export async function buildServer() {
  await generateClients();
  await compile(SOURCES, join(DIST, '.stamp'));
  if (asksFor('--soak')) await compile(SOAK_SOURCES, join(DIST, 'tests', '.stamp'));
}

async function generateClients() {
  const stamp = join(ROOT, 'prisma', 'generated', '.stamp');
  const schemas = ['schema.prisma', 'schema.postgresql.prisma']
    .map((name) => join(ROOT, 'prisma', name))
    .filter(existsSync);
  const made = stampOf(schemas);
  if (!asksFor('--rebuild') && isStamped(stamp, made)) return;
  rmSync(stamp, { force: true });
  // Prisma would first download its schema engine, which generating does not run: any existing file stands in for it.
  // It would also ask its maker for a newer version, and say from what it asks.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    CHECKPOINT_DISABLE: '1',
  };
  const generate = (schema) => {
    const title = `Generating the database client of ${schema.slice(ROOT.length + 1)}`;
    const args = [packageFile('prisma', 'build', 'index.js'), 'generate', '--schema', schema];
    return run(title, process.execPath, args, env);
  };
  await Promise.all(schemas.map(generate));
  writeFileSync(stamp, made);
}

/** @param stamp - A file that is there only when all of these sources are compiled, and says which they were. */
async function compile(sources, stamp) {
  const inputs = sources.flatMap((dir) => files(join(ROOT, dir), /\.(m?ts|js|json)$/));
  const made = stampOf([...inputs, join(ROOT, '.swcrc')]);
  if (!asksFor('--rebuild') && isStamped(stamp, made)) return;
  rmSync(stamp, { force: true });
  for (const dir of sources) rmSync(join(DIST, dir), { recursive: true, force: true });
  await run('Compiling', process.execPath, [join(import.meta.dirname, 'compile.mjs'), ...sources]);
  writeFileSync(stamp, made);
}
