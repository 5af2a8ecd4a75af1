/** Where the package lies, whether this runs from dist/ or from TypeScript. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the nearest package.json above this file. */
export const PACKAGE_ROOT = findPackageRoot(__dirname);

interface PackageFile {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** @returns The version of tigerql. */
export function packageVersion(): string {
  return packageFile().version;
}

/** @returns The `package.json` of tigerql. */
export function packageFile(): PackageFile {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as PackageFile;
}

function findPackageRoot(start: string): string {
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) throw new Error(`package root: expected a package.json above ${start}, got none`);
  }
}
