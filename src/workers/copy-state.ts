/** Copies the state of a training that is under way, so that it can be stored while the training goes on. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { linkFolder } from '../link-folder';

/** The parts of a job's folder from which it goes on. A part replaces those that come after it in the same phase. */
const PHASES = [['tokenizer', 'tokenizer-state'], ['seq2seq-state']];

/** @returns A new folder in `statesDir` with a folder for each part. */
export async function copyState(jobDir: string, statesDir: string): Promise<string> {
  const dir = join(statesDir, randomUUID());
  try {
    for (const parts of PHASES) {
      const part = parts.find((name) => existsSync(join(jobDir, name)));
      if (part !== undefined) await linkFolder(join(jobDir, part), join(dir, part));
    }
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return dir;
}
