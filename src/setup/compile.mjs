/** Compiles the TypeScript of the named folders to dist/, as .swcrc says: a program, so that the server holds no compiler. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import { transformFile } from '@swc/core';

import { DIST, files, ROOT } from './steps.mjs';

const sources = process.argv.slice(2).flatMap((dir) => files(join(ROOT, dir), /(?<!\.d)\.m?ts$|\.js$/));
await Promise.all(sources.map(compile));

async function compile(source) {
  const target = join(DIST, relative(ROOT, source)).replace(/ts$/, 'js');
  const folder = dirname(target);
  const { code, map } = await transformFile(source, { sourceFileName: relative(folder, source) });
  await mkdir(folder, { recursive: true });
  await writeFile(target, `${code}//# sourceMappingURL=${basename(target)}.map`);
  await writeFile(`${target}.map`, map);
}
