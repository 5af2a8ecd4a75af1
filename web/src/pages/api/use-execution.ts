/** Sends a document with the key of this tab: queries and mutations over HTTP, subscriptions over the page's WebSocket. */
import { useEffect, useRef, useState } from 'react';

import { authorizationOf } from '../../app/authorization';
import { useKey } from '../../app/key-store';
import { useSession } from '../../app/session';
import type { ChosenOperation } from './read-document';

/** The newest results of a subscription are kept. */
const MAX_RESULTS = 50;
const MAY_BE_DONE =
  'Nobody waits for the answer any more. The server may have done it or not: look before you run it again.';

export interface Execution {
  /** Newest first, as text. */
  readonly results: readonly string[];
  readonly isRunning: boolean;
  /** Whether an answer is waited for: until then nothing else is sent. */
  readonly isWaiting: boolean;
  /** @param operation - Which one of the document's; null: the document cannot be read, and the server says why. */
  run(document: string, variables: Record<string, unknown>, operation: ChosenOperation | null): void;
  stop(): void;
}

export function useExecution(): Execution {
  const key = useKey();
  const { socket } = useSession();
  const [results, setResults] = useState<readonly string[]>([]);
  const [running, setRunning] = useState<'waiting' | 'following' | null>(null);
  const end = useRef(() => {});
  // A key that is pressed twice comes before the page is drawn anew.
  const isWaiting = useRef(false);
  useEffect(() => () => end.current(), []);

  const add = (result: unknown) =>
    setResults((before) => [JSON.stringify(result, null, 2), ...before].slice(0, MAX_RESULTS));
  const stop = () => {
    end.current();
    end.current = () => {};
    setRunning(null);
  };
  const run: Execution['run'] = (query, variables, operation) => {
    if (isWaiting.current) return;
    const request = { query, variables, ...(operation?.name != null && { operationName: operation.name }) };
    stop();
    setResults([]);
    if (operation?.type === 'subscription') {
      setRunning('following');
      end.current = socket.subscribe(request, {
        next: add,
        error: (error) => (add({ errors: error }), setRunning(null)),
        complete: () => setRunning(null),
      });
      return;
    }
    const abort = new AbortController();
    isWaiting.current = true;
    setRunning('waiting');
    end.current = () => {
      isWaiting.current = false;
      abort.abort();
      if (operation?.type === 'mutation') add({ errors: [{ message: MAY_BE_DONE }] });
    };
    void post(request, key, abort.signal).then((result) => {
      if (abort.signal.aborted) return;
      isWaiting.current = false;
      end.current = () => {};
      add(result);
      setRunning(null);
    });
  };
  return { results, isRunning: running !== null, isWaiting: running === 'waiting', run, stop };
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
