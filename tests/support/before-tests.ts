/** Names a folder for the PostgreSQL that the first test with one makes, for the others to copy. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export = async (): Promise<void> => {
  if (process.platform !== 'win32') process.env.MADE_POSTGRES = await mkdtemp(join(tmpdir(), 'tigerql-made-postgres-'));
};
