/** Collects what became of lists, and sends it in few requests: also when the page goes. */
import { type NewFeedback, RecordFeedbackDocument } from './documents.js';
import { TigerqlError, type Transport } from './transport.js';

/** The time for which entries wait for others. */
const COLLECT_MS = 1000;
/** Browsers let the requests of a page that goes have 64 KiB; an entry has some 300 bytes, most of them its list's ID. */
const MAX_ENTRIES = 100;
/** Entries that wait for a server that is away. */
const MAX_WAITING = 1000;

export interface FeedbackHandlers {
  /** Whether lists are other ones from now on. */
  readonly onDismissed: () => void;
  /** Entries that the server refused, or that could not be sent. */
  readonly onError: (error: unknown) => void;
}

export class Feedback {
  private waiting: NewFeedback[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly transport: Transport,
    private readonly handlers: FeedbackHandlers,
  ) {
    // Tests and servers have no page. Where a page is hidden, it may never be told that it ends.
    const { addEventListener } = globalThis as { addEventListener?: (type: string, listener: () => void) => void };
    for (const type of ['pagehide', 'visibilitychange']) addEventListener?.(type, () => this.leave());
  }

  report(entry: NewFeedback): void {
    this.transport.prepare();
    this.waiting = [...this.waiting, entry].slice(-MAX_WAITING);
    if (entry.kind === 'DISMISSED' || this.waiting.length >= MAX_ENTRIES) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), COLLECT_MS);
  }

  /** Sends all that waits. One request follows another. */
  flush(): Promise<void> {
    return (this.sending = this.sending.then(() => this.sendAll()));
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const entries = this.take();
      try {
        await this.send(entries, false);
      } catch (error) {
        this.handlers.onError(error);
        // It can be sent again: an entry is recorded once.
        if (!(error instanceof TigerqlError && error.isPassing)) continue;
        this.waiting = [...entries, ...this.waiting].slice(-MAX_WAITING);
        this.timer ??= setTimeout(() => void this.flush(), 10 * COLLECT_MS);
        return;
      }
    }
  }

  private take(): NewFeedback[] {
    clearTimeout(this.timer);
    this.timer = undefined;
    return this.waiting.splice(0, MAX_ENTRIES);
  }

  private async send(feedback: NewFeedback[], keepalive: boolean): Promise<void> {
    const input = { feedback, atomic: false };
    const { recordFeedback } = await this.transport.send(RecordFeedbackDocument, { input }, { keepalive });
    const { userErrors } = recordFeedback;
    if (userErrors.length > 0) this.handlers.onError(new TigerqlError(userErrors[0].message, userErrors[0].code));
    if (feedback.some(({ kind }) => kind === 'DISMISSED')) this.handlers.onDismissed();
  }

  private leave(): void {
    while (this.waiting.length > 0) this.send(this.take(), true).catch(this.handlers.onError);
  }
}
