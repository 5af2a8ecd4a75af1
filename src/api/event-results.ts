/** Turns the events of a subscription into answers, as graphql-js does, but each in its turn and within the deadline. */
import type { ExecutionResult } from 'graphql';

/** Executes now or later what it is given. */
export type InTurn = <T>(run: () => Promise<T>) => Promise<T>;

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
