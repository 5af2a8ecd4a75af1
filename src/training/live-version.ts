/** The model version that makes the lists of this process: how it is loaded, and how a newly active one replaces it. */
import type { TopicHub } from '../../graphql/topics';
import type { CatalogueServices } from '../catalogue/changes';
import { type CheckpointStore, openSoonFrom } from '../checkpoints/checkpoint-store';
import type { Logger } from '../logger';
import { messageOf } from '../message-of';
import { findActiveVersion, findVersion, type StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/code-table';
import type { CommittedChange } from '../storage/change-log';
import { isDatabaseFault } from '../storage/database-error';
import { modelVersionRecord } from '../storage/records';
import { Backoff, pause } from '../waiting/polling';
import type { ModelToLoad, ModelToPrepare } from '../workers/messages';
import { type Filling, fillMissingCodes } from './missing-codes';

/** The workers that make lists by one model version. */
export interface ModelWorkers {
  /** The version that makes the lists now; null while none does. */
  readonly modelVersionId: number | null;
  /** True when all workers have that version, or are about to. */
  readonly isWhole: boolean;
  /** Reads the files of a version that is to become live. Rejects with a `CheckpointError` when they cannot be used. */
  prepare(model: ModelToPrepare): Promise<unknown>;
  /**
   * Loads weights, codebooks and trie as one unit and makes it live. When the checkpoint cannot be used, it changes nothing and
   * rejects with a `CheckpointError`.
   */
  load(model: ModelToLoad): Promise<unknown>;
  /** Loads the live version into the workers that have lost it. */
  revive(model: ModelToLoad): Promise<unknown>;
}

export interface LiveVersionParts {
  readonly services: CatalogueServices;
  readonly store: Pick<CheckpointStore, 'open'>;
  readonly workers: ModelWorkers;
  readonly hub: Pick<TopicHub, 'publish'>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly firstWaitMs?: number;
}

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

export class LiveVersion {
  private readonly openSoon: CheckpointStore['open'];
  /** Catalogue version of the last published activation. The log reports one again when another of its followers has failed. */
  private published = 0;
  private lastProblem: string | null = null;
  private working: Promise<void> | null = null;
  private readonly shutdown = new AbortController();

  constructor(private readonly parts: LiveVersionParts) {
    this.openSoon = openSoonFrom(parts.store);
  }

  /** The version that makes the lists now; null while none does. */
  get id(): number | null {
    return this.parts.workers.modelVersionId;
  }

  /** Why no model is live, or why an older one than the active one is; null when all is well. */
  get problem(): string | null {
    return this.lastProblem;
  }

  /** Reads the files of a version that is to become live. @throws {CheckpointError} When they cannot be used. */
  async prepare({ id, checkpointDir }: Pick<StoredVersion, 'id' | 'checkpointDir'>): Promise<void> {
    await this.parts.workers.prepare({
      modelVersionId: id,
      checkpointDir: await this.parts.store.open(checkpointDir),
    });
  }

  /** Begins what takes longest of `restore`, while other things are read. Never rejects: `restore` says what is wrong. */
  async prepareActive(): Promise<void> {
    const active = await findActiveVersion(this.read).catch(() => null);
    if (active !== null) await this.prepare(active).catch(() => undefined);
  }

  /** Loads the active version, if it does not make the lists already. When it cannot, it tries again later, ever more rarely. */
  async restore(): Promise<void> {
    if (!(await this.attempt())) this.working ??= this.tryAgain();
  }

  /** Does the same as `restore` for callers that do not wait, such as those that the loading itself waits for. */
  restoreSoon(): void {
    this.working ??= this.attempt().then((isDone) => (isDone ? this.end() : this.tryAgain()));
  }

  /** Gives codes to some live items after this id that have none: see `fillMissingCodes`. */
  giveMissingCodes(after: number): Promise<Filling> {
    return fillMissingCodes(this.parts, after);
  }

  /**
   * Makes the active version live after an activation, by this process or another one. Called by the log's listener.
   *
   * @returns Why it is not live; null when it is. @throws When the database does not answer: the former version stays live.
   */
  async follow({ version, modelVersionId }: CommittedChange): Promise<{ readonly problem: string | null }> {
    const active = await findActiveVersion(this.read);
    const problem = active && (await this.makeLive(active));
    const activated = modelVersionId === undefined ? active : await findVersion(this.read, modelVersionId);
    if (activated !== null && version > this.published) {
      const modelVersion = modelVersionRecord(activated);
      this.parts.hub.publish('ACTIVE_MODEL_CHANGES', { catalogueVersion: version, modelVersion });
    }
    this.published = Math.max(this.published, version);
    return { problem };
  }

  /** Makes no attempt any more. */
  async dispose(): Promise<void> {
    this.shutdown.abort();
    await this.working;
  }

  private get read() {
    return this.parts.services.database.read;
  }

  private async tryAgain(): Promise<void> {
    const wait = new Backoff(this.parts.firstWaitMs ?? FIRST_WAIT_MS, MAX_WAIT_MS);
    do {
      await pause(wait.afterFailure(), this.shutdown.signal);
    } while (!(await this.attempt()));
    this.end();
  }

  private end(): void {
    this.working = null;
  }

  /** Never rejects. @returns Whether no more attempt is needed. */
  private async attempt(): Promise<boolean> {
    if (this.shutdown.signal.aborted) return true;
    const problem = await this.loadActive().catch(
      (error: unknown) => `the active model cannot be loaded: ${messageOf(error)}`,
    );
    const isNew = problem !== null && problem !== this.lastProblem;
    if (isNew && !this.shutdown.signal.aborted) this.parts.logger.error(problem);
    this.lastProblem = problem;
    return problem === null;
  }

  /** @returns Why the active version does not make the lists; null when it does, or none is active. */
  private async loadActive(): Promise<string | null> {
    const active = await findActiveVersion(this.read);
    if (active === null || this.isServed(active)) return null;
    // Before anything is locked: while a store is slow or hangs, changes go on.
    const missing = await this.openSoon(active.checkpointDir).then(() => null, problemOf(active));
    if (missing !== null) return missing;
    // The workers read its files while its codes are read. Loading it shows what is wrong with them.
    if (active.id !== this.id) void this.prepare(active).catch(() => undefined);
    // The followers give codes to those that are left: a large import shall not hold up the start.
    const { problem } = await this.giveMissingCodes(0);
    if (problem !== null) this.parts.logger.warn(problem);
    return this.parts.services.log.steadily(() => this.loadSteadily());
  }

  private async loadSteadily(): Promise<string | null> {
    const version = await findActiveVersion(this.read);
    if (version === null || this.isServed(version)) return null;
    const { workers } = this.parts;
    const load = version.id === this.id ? 'revive' : 'load';
    return (await this.makeLive(version, load)) ?? (workers.isWhole ? null : 'a decode worker has ended again');
  }

  /** @returns Why it is not live; null when it is. @throws When the database does not answer. */
  private async makeLive(version: StoredVersion, load: 'load' | 'revive' = 'load'): Promise<string | null> {
    const { services, workers, logger } = this.parts;
    const before = this.id;
    try {
      const model = await modelToLoad(services.database, version);
      await workers[load]({ ...model, checkpointDir: await this.openSoon(model.checkpointDir) });
    } catch (error) {
      if (isDatabaseFault(error)) throw error;
      return problemOf(version)(error as Error);
    }
    if (version.id !== before) logger.info(`Model version ${version.number} makes the lists of this process`);
    return null;
  }

  private isServed({ id }: StoredVersion): boolean {
    return id === this.id && this.parts.workers.isWhole;
  }
}

function problemOf({ number }: StoredVersion): (error: Error) => string {
  return ({ message }) => `model version ${number} cannot be loaded: ${message}`;
}
