/** Folders for the tests of a file that imports this, which are removed after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];
afterAll(() => made.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));

/** @returns A new, empty folder. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
  made.push(dir);
  return dir;
}
