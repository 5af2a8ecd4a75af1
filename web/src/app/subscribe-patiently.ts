/** Subscriptions that the server has refused for a moment. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';

import { retryAfterOf } from '../components/states/retry-after';

const LONGEST_WAIT_MS = 30_000;

/**
 * Subscribes, and does so again when the server refuses it and says when to come back; each time it waits twice as long.
 *
 * @returns Ends it.
 */
export function subscribePatiently(
  socket: Pick<Client, 'subscribe'>,
  payload: SubscribePayload,
  sink: Sink<FormattedExecutionResult<Record<string, unknown>>>,
): () => void {
  let end = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (attempt: number) => {
    const error = (fault: unknown) => {
      const seconds = Array.isArray(fault) ? retryAfterOf(fault) : null;
      if (seconds === null) return sink.error(fault);
      timer = setTimeout(() => begin(attempt + 1), Math.min(LONGEST_WAIT_MS, seconds * 1_000 * 2 ** attempt));
    };
    end = socket.subscribe(payload, { ...sink, error });
  };
  begin(0);
  return () => {
    clearTimeout(timer);
    end();
  };
}
