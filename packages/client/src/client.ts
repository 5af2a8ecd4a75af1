/** Asks a tigerql server from a shop's pages or its own server, and tells it what became of its lists. */
import {
  type ItemListFragment,
  type NewFeedback,
  type NewInteraction,
  RecommendationsDocument,
  type RecommendationsQueryVariables,
  RecordInteractionsDocument,
  TrendingDocument,
  type TrendingQueryVariables,
  type TypedDocument,
} from './documents.js';
import { Feedback } from './feedback.js';
import { type SendOptions, TigerqlError, Transport, type TransportOptions } from './transport.js';

export interface ClientOptions extends TransportOptions {
  /** Gets what is wrong with feedback, which nobody waits for; absent: the console's warnings. */
  readonly onFeedbackError?: (error: unknown) => void;
}

/** Asks for recommendations, or with `trending` for what users take now. */
export type ListQuestion =
  | (RecommendationsQueryVariables & { readonly trending?: false })
  | (TrendingQueryVariables & { readonly trending: true });

/** An answer that was kept is `isStale`: the server could not give a new one. */
export interface LatestAnswer<Result> {
  readonly data: Result;
  readonly isStale: boolean;
}

/** Answers that `latest` keeps. */
const MAX_KEPT = 200;

export class TigerqlClient {
  private readonly transport: Transport;
  private readonly feedback: Feedback;
  /** By document and variables, the one used last at the end. */
  private readonly kept = new Map<string, unknown>();
  private readonly listeners = new Set<() => void>();

  constructor({ onFeedbackError = console.warn, ...options }: ClientOptions) {
    this.transport = new Transport(options);
    this.feedback = new Feedback(this.transport, {
      onDismissed: () => this.refreshLists(),
      onError: onFeedbackError,
    });
  }

  /** @throws {TigerqlError} When the server refuses it, a part of the answer has failed, or the server cannot be reached. */
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: SendOptions,
  ): Promise<Result> {
    return this.transport.send(document, variables, options);
  }

  /**
   * Asks, and gives the answer to the same question before when the server is away or has too much to do.
   *
   * @throws {TigerqlError} As `request`, where there was none.
   */
  async latest<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: SendOptions,
  ): Promise<LatestAnswer<Result>> {
    const key = JSON.stringify([document, variables]);
    try {
      const data = await this.request(document, variables, options);
      this.keep(key, data);
      return { data, isStale: false };
    } catch (error) {
      if (!(error instanceof TigerqlError && error.isPassing && this.kept.has(key))) throw error;
      return { data: this.kept.get(key) as Result, isStale: true };
    }
  }

  /** Asks for a list as `latest` does. */
  async list(question: ListQuestion, options?: SendOptions): Promise<LatestAnswer<ItemListFragment>> {
    // `trending` is sent too: a server ignores variables that the document does not have.
    if (question.trending) {
      const { data, isStale } = await this.latest(TrendingDocument, question, options);
      return { data: data.trending, isStale };
    }
    const { data, isStale } = await this.latest(RecommendationsDocument, question, options);
    return { data: data.recommendations, isStale };
  }

  /** Records what users did, each once, and lets the lists on the page be asked for again. */
  async record(...interactions: NewInteraction[]): Promise<void> {
    const events = interactions.map((event) => ({ eventId: crypto.randomUUID(), ...event }));
    const { recordInteractions } = await this.request(RecordInteractionsDocument, { input: { interactions: events } });
    const [wrong] = recordInteractions.userErrors;
    if (wrong) throw new TigerqlError(wrong.message, wrong.code);
    this.refreshLists();
  }

  /** Gets a token, so that a page which goes soon can still send its feedback. Shelves do so. */
  prepare(): void {
    this.transport.prepare();
  }

  /** Tells what became of an item of a list. Entries wait a second for others; a page that goes sends them with its last breath. */
  report(entry: NewFeedback): void {
    this.feedback.report(entry);
  }

  /** Sends all feedback that waits. */
  flush(): Promise<void> {
    return this.feedback.flush();
  }

  /** Lets the lists on the page be asked for again: your server has recorded something of this user. */
  refreshLists(): void {
    for (const listener of this.listeners) listener();
  }

  /** @returns What ends it. */
  onRefresh(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private keep(key: string, data: unknown): void {
    this.kept.delete(key);
    this.kept.set(key, data);
    if (this.kept.size > MAX_KEPT) this.kept.delete(this.kept.keys().next().value!);
  }
}
