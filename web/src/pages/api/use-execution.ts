/** Sends a document with the key of this tab: queries and mutations over HTTP, subscriptions over the page's WebSocket. */
import { useEffect, useRef, useState } from 'react';

import { authorizationOf } from '../../app/authorization';
import { useKey } from '../../app/key-store';
import { useSession } from '../../app/session';
import type { ChosenOperation } from './read-document';

/** The newest results of a subscription are kept. */
const MAX_RESULTS = 50;

export interface Execution {
  /** Newest first, as text. */
  readonly results: readonly string[];
  readonly isRunning: boolean;
  /** @param operation - Which one of the document's; null: the document cannot be read, and the server says why. */
  run(document: string, variables: Record<string, unknown>, operation: ChosenOperation | null): void;
  stop(): void;
}

export function useExecution(): Execution {
  const key = useKey();
  const { socket } = useSession();
  const [results, setResults] = useState<readonly string[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const end = useRef(() => {});
  useEffect(() => () => end.current(), []);

  const add = (result: unknown) =>
    setResults((before) => [JSON.stringify(result, null, 2), ...before].slice(0, MAX_RESULTS));
  const stop = () => {
    end.current();
    end.current = () => {};
    setIsRunning(false);
  };
  const run: Execution['run'] = (query, variables, operation) => {
    const request = { query, variables, ...(operation?.name != null && { operationName: operation.name }) };
    stop();
    setResults([]);
    setIsRunning(true);
    if (operation?.isSubscription) {
      end.current = socket.subscribe(request, {
        next: add,
        error: (error) => (add({ errors: error }), setIsRunning(false)),
        complete: () => setIsRunning(false),
      });
      return;
    }
    const abort = new AbortController();
    end.current = () => abort.abort();
    void post(request, key, abort.signal).then((result) => {
      if (abort.signal.aborted) return;
      add(result);
      setIsRunning(false);
    });
  };
  return { results, isRunning, run, stop };
}

async function post(body: object, key: string | null, signal: AbortSignal): Promise<unknown> {
  const authorization = authorizationOf(key);
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  try {
    return await (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body), signal })).json();
  } catch (error) {
    return { errors: [{ message: `The server does not answer: ${(error as Error).message}` }] };
  }
}
