/** Loads the active model again when it is lost, until it is loaded or another version is live. */
import { messageOf } from '../message-of';
import { Backoff, pause } from '../waiting/polling';
import type { LiveVersion } from './live-version';

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

export interface RestorerParts {
  readonly live: Pick<LiveVersion, 'restore'>;
  /** Called when an attempt fails for another reason than the one before it. */
  readonly onProblem: (problem: string) => void;
  readonly firstWaitMs?: number;
}

export class ModelRestorer {
  private lastProblem: string | null = null;
  private working: Promise<void> | null = null;
  private readonly shutdown = new AbortController();

  constructor(private readonly parts: RestorerParts) {}

  /** Why no model is live, or why an older one than the active one is; null when all is well. */
  get problem(): string | null {
    return this.lastProblem;
  }

  /** Loads the active version. When it cannot, it tries again later, ever more rarely. */
  async restore(): Promise<void> {
    if (!(await this.attempt())) this.working ??= this.tryAgain();
  }

  /** Does the same as `restore` for callers that do not wait, such as those that the loading itself waits for. */
  restoreSoon(): void {
    this.working ??= this.attempt().then((isDone) => (isDone ? this.end() : this.tryAgain()));
  }

  /** Makes no attempt any more. */
  async dispose(): Promise<void> {
    this.shutdown.abort();
    await this.working;
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
    const problem = await this.parts.live.restore().then(
      (restoration) => restoration.problem,
      (error: unknown) => `the active model cannot be loaded: ${messageOf(error)}`,
    );
    if (problem !== null && problem !== this.lastProblem && !this.shutdown.signal.aborted)
      this.parts.onProblem(problem);
    this.lastProblem = problem;
    return problem === null;
  }
}
