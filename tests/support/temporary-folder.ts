/** Folders for the tests of a file. A server may run in one until the file ends: the next file of the worker removes them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MADE_FILES } from './made-once';

const root = join(process.env[MADE_FILES] ?? tmpdir(), `folders-${process.env.JEST_WORKER_ID ?? process.pid}`);
rmSync(root, { recursive: true, force: true, maxRetries: 5 });

/** @returns A new, empty folder. */
export function temporaryFolder(): string {
  mkdirSync(root, { recursive: true });
  return mkdtempSync(join(root, 'test-'));
}
