/** Finds a file of a dataset that may have one of several names. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { DatasetError } from './dataset';

/** @returns The names, and those of the same files gzipped. */
export function orGzipped(...names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}.gz`]);
}

/**
 * @returns The path of the one that the folder has; null when it has none.
 * @throws {DatasetError} When it has several: which of them is meant, nobody but their owner knows.
 */
export function oneOf(dir: string, names: readonly string[]): string | null {
  const present = names.filter((name) => existsSync(join(dir, name)));
  if (present.length > 1)
    throw new DatasetError(dir, null, `expected one of these files, got ${present.join(' and ')}; remove the others`);
  return present.length === 0 ? null : join(dir, present[0]);
}
