/** Whether the app can answer: the database can be read and written, and a server follows the catalogue. */
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Readiness } from '../http/app';
import type { DecodePool } from '../recommend/decode-pool';
import type { LogPosition } from '../storage/change-log';
import type { Database } from '../storage/database';
import { NewerTablesError } from '../storage/database-error';
import type { LiveVersion } from '../training/live-version';
import { withTimeout } from '../waiting/promises';

/** A database that needs longer for so small a read cannot serve requests. */
const MAX_WAIT_MS = 1_000;

export interface ReadinessParts {
  readonly database: Pick<Database, 'read' | 'checkWrite'>;
  readonly pool: Pick<DecodePool, 'modelVersionId'>;
  readonly live: Pick<LiveVersion, 'problem'>;
  readonly log: { readonly position: LogPosition };
  readonly store: Pick<CheckpointStore, 'problem'>;
}

/** Lists that are so far behind the catalogue show what is gone. */
const MAX_BEHIND_MS = 10_000;

const READY: Readiness = { ready: true, reasons: [] };

/**
 * Tells whether the database can be read and written. Everybody may ask for it, so it says what fails, and only the log says why. With a
 * checkpoint store that cannot be used, the app still answers: only what needs a checkpoint waits.
 *
 * @param further - What else has to hold.
 */
export function readinessOf(
  { database, store }: Pick<ReadinessParts, 'database' | 'store'>,
  further: () => Promise<Readiness> = async () => READY,
  maxWaitMs = MAX_WAIT_MS,
): () => Promise<Readiness> {
  const ask = async () => {
    try {
      await database.checkWrite();
      return await further();
    } catch (error) {
      return unready(error instanceof NewerTablesError ? NEWER_TABLES : NO_ANSWER);
    }
  };
  /** A question that the database has not answered yet is not asked again. */
  let asking: Promise<Readiness> | null = null;
  return async () => {
    asking ??= ask().finally(() => (asking = null));
    const { ready, reasons } = await withTimeout(maxWaitMs, asking, unready(NO_ANSWER));
    const { problem } = store;
    return { ready, reasons: problem === null ? reasons : [...reasons, `checkpoints: ${problem}`] };
  };
}

/** Tells whether the server also follows the catalogue. Without the active model it is ready: lists have popular items then, as it says. */
export function serverReadinessOf(parts: ReadinessParts, maxWaitMs = MAX_WAIT_MS): () => Promise<Readiness> {
  const following = async () => {
    const { isForked, behindMs } = parts.log.position;
    if (isForked) return unready(FORKED);
    if (behindMs > MAX_BEHIND_MS) return unready(BEHIND);
    const missing = await missingModel(parts);
    return missing === null ? READY : { ready: true, reasons: [missing] };
  };
  return readinessOf(parts, following, maxWaitMs);
}

async function missingModel({ database, pool, live, store }: ReadinessParts): Promise<string | null> {
  const active = await database.read.modelVersion.findFirst({ where: { status: 'ACTIVE' } });
  if (active === null || active.id === pool.modelVersionId) return null;
  const why = store.problem === null ? '' : ` (${store.problem})`;
  const expected = `model: expected version ${active.number} to be loaded${why}, it is tried again`;
  if (pool.modelVersionId === null) return `${expected}; lists have popular items`;
  // Without a problem it is just being activated.
  return live.problem && `${expected}; another answers`;
}

function unready(reason: string): Readiness {
  return { ready: false, reasons: [reason] };
}

const NEWER_TABLES =
  'database: expected tables of this version of tigerql, got those of a newer one; start that version here too';
const BEHIND = 'catalogue: expected to follow its changes within 10 s, got stuck; it is tried again';
const FORKED =
  'catalogue: expected the changes that this server has followed, got a database that has lost some; start it anew';
const NO_ANSWER = 'database: expected to read and write it within 1 s, got no answer or an error';
