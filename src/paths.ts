/** Where the package lies, whether this runs from dist/ or from TypeScript. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the nearest package.json above this file. */
export const PACKAGE_ROOT = findPackageRoot(__dirname);

/** @returns The version of tigerql. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function findPackageRoot(start: string): string {
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`package root: expected a package.json above ${start}, got none`);
  }
}
