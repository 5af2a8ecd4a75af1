/** Loads lists into the store of pages. Of several questions only the latest counts. */
import { type AnyVariables, type Client, CombinedError, type OperationResult, type TypedDocumentNode } from 'urql';
import { filter, pipe, subscribe, take } from 'wonka';

import { type LoadedPages, type LoadedRows, type PageInfo, pageStore } from './page-store';

export interface Loading {
  readonly isLoading: boolean;
  /** Why the last load has no answer; null once there is one. */
  readonly error: CombinedError | null;
}

export const IDLE: Loading = { isLoading: false, error: null };

export interface PageList<T> {
  /** Key of the rows in the store. */
  readonly key: number;
  readonly first: number;
  /** Asks for `first` rows after a cursor; null: what has the connection is not there. @throws {CombinedError} When there is no answer. */
  readonly ask: (first: number, after: string | null) => Promise<ConnectionPage<T> | null>;
}

export class PageLoader {
  /** Number of the latest request. Answers to older ones are dropped. */
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

export interface ConnectionPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
}

/** The most rows of a page that the API gives. */
const MOST_ROWS = 100;

export const NO_ROWS: LoadedRows<never> = { rows: [], pageInfo: null };

/**
 * @param ask - Asks for `first` rows after a cursor; null: what has the connection is not there.
 * @param before - The rows that are there already.
 * @param first - The rows of a usual page.
 * @param wanted - Pages are asked for until there are so many rows, at least one page, and as few as can be.
 * @returns The rows before and those that were asked for.
 */
export async function loadRows<T>(
  ask: (first: number, after: string | null) => Promise<ConnectionPage<T> | null>,
  before: LoadedRows<T>,
  first: number,
  wanted: number,
): Promise<LoadedRows<T>> {
  const missing = Math.min(MOST_ROWS, wanted - before.rows.length);
  const page = await ask(Math.max(first, missing), before.pageInfo?.endCursor ?? null);
  const loaded = {
    rows: [...before.rows, ...(page?.nodes ?? [])],
    pageInfo: page?.pageInfo ?? { hasNextPage: false },
  };
  return loaded.pageInfo.hasNextPage && loaded.rows.length < wanted ? loadRows(ask, loaded, first, wanted) : loaded;
}

export interface OneQuestion {
  /**
   * Asks the server, and drops the question on its way: urql would answer a second one like it with the answer to the first, which may
   * be older than the change that is looked for.
   *
   * @returns Null once it is dropped itself.
   */
  ask<Data, Variables extends AnyVariables>(
    client: Client,
    query: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<OperationResult<Data, Variables> | null>;
  /** Drops the question on its way. */
  drop(): void;
}

export function oneQuestion(): OneQuestion {
  let drop = () => {};
  return {
    ask: (client, query, variables) => {
      drop();
      return new Promise((resolve) => {
        const { unsubscribe } = pipe(
          client.query(query, variables, { requestPolicy: 'network-only' }),
          filter(({ stale }) => !stale),
          take(1),
          subscribe(resolve),
        );
        drop = () => {
          unsubscribe();
          resolve(null);
        };
      });
    },
    drop: () => drop(),
  };
}
