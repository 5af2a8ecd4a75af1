/** Makes answers of the events of a subscription, as graphql-js does. Each waits in a queue and must keep the deadline. */
import type { ExecutionResult } from 'graphql';

/** Runs a function now, or later when too many others run. */
export type Schedule = <T>(run: () => Promise<T>) => Promise<T>;

/**
 * @param signal - When it is aborted, the answers end.
 * @param execute - Gives the answer to one event.
 */
export function eventResults(
  events: AsyncIterator<unknown>,
  signal: AbortSignal,
  execute: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const end = async () => {
    await events.return?.();
    return { done: true, value: undefined } as const;
  };
  return {
    async next() {
      if (signal.aborted) return end();
      const event = await events.next();
      return event.done ? end() : { done: false, value: await execute(event.value) };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
