import { rm } from 'node:fs/promises';

import { MADE_FILES } from './made-once';

export = async (): Promise<void> => {
  for (const made of [process.env[MADE_FILES], process.env.MADE_POSTGRES])
    if (made !== undefined) await rm(made, { recursive: true, force: true });
};
