/**
 * The format of a training job: what its row says of the training, and what its stored states have. Releases that share a database may
 * differ in it although their tables are the same; one that trained by what it half understands would end with a worse model, or none.
 */
import type { TigerConfig } from '../../models/config';
import type { Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';

/**
 * Raise it with every change after which a release before could not go on with a job of this one. A change of what a finished
 * checkpoint has raises `FORMAT` of models/checkpoint too.
 */
export const JOB_FORMAT = 1;

interface StoredConfig extends TigerConfig {
  format?: number;
}

/** @returns The config as a row keeps it. A process that goes on with a job writes it anew: its states will be of this format. */
export function storedConfig(config: TigerConfig | Prisma.JsonValue): Prisma.InputJsonObject {
  return { ...(config as object), format: JOB_FORMAT };
}

export function configOf({ config }: Pick<TrainingJob, 'config'>): TigerConfig {
  const stored = { ...(config as unknown as StoredConfig) };
  delete stored.format;
  return stored;
}

/** @returns Whether only a newer release can run the job. */
export function isOfNewerRelease({ config }: { readonly config: unknown }): boolean {
  return ((config as StoredConfig).format ?? 1) > JOB_FORMAT;
}
