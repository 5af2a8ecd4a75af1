/** Loads lists into the store of pages. Of several questions only the latest counts. */
import { CombinedError } from 'urql';

import { type ConnectionPage, loadRows } from './load-rows';
import { type LoadedPages, type LoadedRows, pageStore } from './page-store';

/** How a load goes. */
export interface Loading {
  readonly isLoading: boolean;
  /** Why the last load has no answer; null once there is one. */
  readonly error: CombinedError | null;
}

export const IDLE: Loading = { isLoading: false, error: null };

export interface PageList<T> {
  /** What the store keeps the rows under. */
  readonly key: number;
  /** The rows of a usual page. */
  readonly first: number;
  /** Asks for `first` rows after a cursor; null: what has the connection is not there. @throws {CombinedError} When there is no answer. */
  readonly ask: (first: number, after: string | null) => Promise<ConnectionPage<T> | null>;
}

export class PageLoader {
  /** What is on its way, so that an answer to an older question is dropped. */
  private current = 0;
  private error: CombinedError | null = null;
  private repeat = () => {};

  /** @param tell - Called when the load that counts begins and ends. */
  constructor(private readonly tell: (loading: Loading) => void) {}

  /** @param before - The rows that are there already. @param wanted - See `loadRows`. */
  async load<T>(list: PageList<T>, before: LoadedRows<T> | LoadedPages<T>, wanted: number): Promise<void> {
    const request = ++this.current;
    const generation = 'generation' in before ? before.generation : pageStore.generation();
    const ask: typeof list.ask = async (...page) => (request === this.current ? list.ask(...page) : null);
    this.tell({ isLoading: true, error: this.error });
    const loaded = await loadRows(ask, before, list.first, wanted).catch(errorOf);
    if (request !== this.current) return;
    this.error = loaded instanceof CombinedError ? loaded : null;
    if (loaded instanceof CombinedError) this.repeat = () => void this.load(list, before, wanted);
    else pageStore.set(list.key, { ...loaded, generation });
    this.tell({ isLoading: false, error: this.error });
  }

  /** Loads once more what could not be loaded. */
  retry(): void {
    this.repeat();
  }

  /** Drops what is on its way, and forgets what failed. */
  drop(): void {
    this.current += 1;
    this.error = null;
  }
}

function errorOf(error: unknown): CombinedError {
  if (error instanceof CombinedError) return error;
  throw error;
}
