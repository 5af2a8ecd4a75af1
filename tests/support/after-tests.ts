import { rm } from 'node:fs/promises';

import { MADE_FILES } from './made-once';

export = async (): Promise<void> => {
  const made = process.env[MADE_FILES];
  if (made !== undefined) await rm(made, { recursive: true, force: true });
};
