/** Makes the folder of the files that the first test that needs them makes, for the others to copy. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MADE_FILES } from './made-once';

export = async (): Promise<void> => {
  const made = await mkdtemp(join(tmpdir(), 'tigerql-made-'));
  process.env[MADE_FILES] = made;
  if (process.platform !== 'win32') process.env.MADE_POSTGRES = made;
};
