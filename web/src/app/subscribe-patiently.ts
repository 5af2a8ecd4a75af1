/** Subscriptions that outlast a refusal for a moment and a lost connection. */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws';

import { growingWaitMs, retryAfterOf } from '../components/states/retry-after';

/**
 * Subscribes, and does so again when the server refuses it and says when to come back; each time it waits twice as long. Where the events
 * have a number (`event`), it goes on after the last one that came, also over another connection.
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
  let last: number | undefined;
  // The socket reads the variables each time that it sends them.
  const going = {
    ...payload,
    get variables() {
      return last === undefined ? payload.variables : { ...payload.variables, after: last };
    },
  };
  const next: typeof sink.next = (result) => {
    last = numberOf(result.data) ?? last;
    sink.next(result);
  };
  const begin = (attempt: number) => {
    const error = (fault: unknown) => {
      const seconds = Array.isArray(fault) ? retryAfterOf(fault) : null;
      if (seconds === null) return sink.error(fault);
      timer = setTimeout(() => begin(attempt + 1), growingWaitMs(seconds, attempt));
    };
    end = socket.subscribe(going, { ...sink, next, error });
  };
  begin(0);
  return () => {
    clearTimeout(timer);
    end();
  };
}

/** @param data - Of one event: it stands under the subscription's name. */
function numberOf(data: FormattedExecutionResult<Record<string, unknown>>['data']): number | undefined {
  const [event] = Object.values(data ?? {}) as { readonly event?: number | null }[];
  return event?.event ?? undefined;
}
