/** Compiles the TypeScript of the named folders to dist/, as .swcrc says: a program, so that the server holds no compiler. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import { transformFile } from '@swc/core';

import { DIST, files, ROOT } from './steps.mjs';

/** It imports ES modules that Node cannot load. */
const GRADIENTS = join(ROOT, 'models', 'training', 'gradients.ts');

const sources = process.argv.slice(2).flatMap((dir) => files(join(ROOT, dir), /(?<!\.d)\.m?ts$|\.js$/));
await Promise.all(sources.map((source) => (source === GRADIENTS ? bundle(source) : compile(source))));

async function compile(source) {
  const target = join(DIST, relative(ROOT, source)).replace(/ts$/, 'js');
  const folder = dirname(target);
  const { code, map } = await transformFile(source, { sourceFileName: relative(folder, source) });
  await mkdir(folder, { recursive: true });
  await writeFile(target, `${code}//# sourceMappingURL=${basename(target)}.map`);
  await writeFile(`${target}.map`, map);
}

/** Compiles a module together with what it imports, but for tfjs's core itself, which all modules share. */
async function bundle(source) {
  const { build } = await import('vite');
  const outDir = join(DIST, dirname(relative(ROOT, source)));
  const rollupOptions = { external: ['@tensorflow/tfjs-core'], output: { format: 'cjs', entryFileNames: '[name].js' } };
  const options = { ssr: source, outDir, emptyOutDir: false, sourcemap: true, rollupOptions };
  await build({ configFile: false, root: ROOT, logLevel: 'warn', ssr: { noExternal: true }, build: options });
}
