/** Makes the folder of the files that the first test that needs them makes, for the others to copy. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MADE_FILES, RUN_PID } from './made-once';

export = async (): Promise<void> => {
  process.env[MADE_FILES] = await mkdtemp(join(tmpdir(), 'tigerql-made-'));
  process.env[RUN_PID] = String(process.pid);
};
