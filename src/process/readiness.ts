/** Whether the app can answer: the database can be read and written, and a server follows the catalogue. */
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Readiness } from '../http/app';
import type { ListQueue } from '../recommend/queue';
import type { LogPosition } from '../storage/change-log';
import type { Database } from '../storage/database';
import { NewerTablesError } from '../storage/database-error';
import type { LiveVersion } from '../training/live-version';
import { withTimeout } from '../waiting/promises';

/** A database that needs longer for so small a read cannot serve requests. */
const MAX_WAIT_MS = 1_000;

export interface ReadinessParts {
  readonly database: Pick<Database, 'read' | 'checkWrite'>;
  readonly queue: Pick<ListQueue, 'modelVersionId'>;
  readonly live: Pick<LiveVersion, 'problem'>;
  readonly log: { readonly position: LogPosition };
  readonly store: Pick<CheckpointStore, 'problem'>;
}

/** Lists that are so far behind the catalogue show what is gone. */
const MAX_BEHIND_MS = 10_000;

/** Whether the database can be read and written. Everybody may ask for it, so it says what fails, and only the log says why. */
export class DatabaseReadiness {
  /** A question that the database has not answered yet is not asked again. */
  private asking: Promise<Readiness> | null = null;

  constructor(
    protected readonly database: ReadinessParts['database'],
    private readonly store: ReadinessParts['store'],
    private readonly maxWaitMs = MAX_WAIT_MS,
  ) {}

  /** With a checkpoint store that cannot be used, the app still answers: only what needs a checkpoint waits. */
  async look(): Promise<Readiness> {
    this.asking ??= this.ask().finally(() => (this.asking = null));
    const { ready, reasons } = await withTimeout(this.maxWaitMs, this.asking, unready(NO_ANSWER));
    const { problem } = this.store;
    return { ready, reasons: problem === null ? reasons : [...reasons, `checkpoints: ${problem}`] };
  }

  /** Never rejects. */
  private async ask(): Promise<Readiness> {
    try {
      await this.database.checkWrite();
      return await this.furtherReadiness();
    } catch (error) {
      return unready(error instanceof NewerTablesError ? NEWER_TABLES : NO_ANSWER);
    }
  }

  protected async furtherReadiness(): Promise<Readiness> {
    return { ready: true, reasons: [] };
  }
}

/** Whether the server also follows the catalogue. Without the active model it is ready: lists have popular items then, as it says. */
export class ReadinessCheck extends DatabaseReadiness {
  constructor(
    private readonly parts: ReadinessParts,
    maxWaitMs = MAX_WAIT_MS,
  ) {
    super(parts.database, parts.store, maxWaitMs);
  }

  protected override async furtherReadiness(): Promise<Readiness> {
    const { isForked, behindMs } = this.parts.log.position;
    if (isForked) return unready(FORKED);
    if (behindMs > MAX_BEHIND_MS) return unready(BEHIND);
    const missing = await this.missingModel();
    return { ready: true, reasons: missing === null ? [] : [missing] };
  }

  private async missingModel(): Promise<string | null> {
    const { queue, live, store } = this.parts;
    const active = await this.database.read.modelVersion.findFirst({ where: { status: 'ACTIVE' } });
    if (active === null || active.id === queue.modelVersionId) return null;
    const why = store.problem === null ? '' : ` (${store.problem})`;
    const expected = `model: expected version ${active.number} to be loaded${why}, it is tried again`;
    if (queue.modelVersionId === null) return `${expected}; lists have popular items`;
    // Without a problem it is just being activated.
    return live.problem && `${expected}; another answers`;
  }
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
