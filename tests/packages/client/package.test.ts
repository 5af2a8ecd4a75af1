/** The client as it is built: small, and with the documents of the schema. */
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { PACKAGE_ROOT } from '../../../src/paths';
import { temporaryFolder } from '../../support/temporary-folder';

const MAX_BYTES = 6 * 1024;
const CLIENT = join(PACKAGE_ROOT, 'packages', 'client');

const dir = temporaryFolder();

/** The operations and what they answer. Inputs may have got more fields since. */
const operationsIn = async (path: string) =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => /^export (const|type \w+(Query|Mutation|Fragment) =)/.test(line));

it('has documents that fit the schema, as `npm run schema` writes them', async () => {
  const made = join(dir, 'documents.ts');
  execFileSync(process.execPath, [join(CLIENT, 'generate-documents.mjs'), made]);
  expect(await operationsIn(join(CLIENT, 'src', 'documents.ts'))).toEqual(await operationsIn(made));
});

it('takes 6 KB at most, compressed and with its React part, without React', async () => {
  const vite = join(PACKAGE_ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const out = join(dir, 'dist');
  execFileSync(process.execPath, [vite, 'build', CLIENT, '--outDir', out, '--logLevel', 'error']);
  const modules = (await readdir(out)).filter((name) => name.endsWith('.js'));
  expect(modules).toEqual(expect.arrayContaining(['index.js', 'react.js']));
  const texts = await Promise.all(modules.map((name) => readFile(join(out, name))));
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
});
