/** Copies the state of a training that is under way, so that it can be stored while the training goes on. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { STATE_FOLDERS } from '../../models/training/phase-state';
import { linkFolder } from '../files/disk';

const { TOKENIZER: OF_TOKENIZER, ...OF_MODELS } = STATE_FOLDERS;
/** The parts of a job's folder from which it goes on, phase by phase. Of each phase the first that is there counts. */
const PHASES = [['tokenizer', OF_TOKENIZER], ...Object.values(OF_MODELS).map((folder) => [folder])];

/** @returns A new folder in `statesDir` with a folder for each part. */
export async function copyState(jobDir: string, statesDir: string): Promise<string> {
  const dir = join(statesDir, randomUUID());
  const parts = PHASES.flatMap((names) => names.find((part) => existsSync(join(jobDir, part))) ?? []);
  try {
    for (const part of parts) await linkFolder(join(jobDir, part), join(dir, part));
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return dir;
}
