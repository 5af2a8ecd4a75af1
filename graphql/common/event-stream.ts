/** What a subscription reads: the present state first, then what is published. */

export interface EventStreamParts<T> {
  /** Asked once, after the live events are being kept, so that nothing falls between. */
  readonly present?: () => Promise<readonly T[]>;
  readonly live: AsyncIterable<T>;
  readonly accepts?: (event: T) => boolean;
}

/**
 * Joins the present state and the live events.
 *
 * Not an async generator: a generator that waits for the next event cannot be closed before that event comes, and a
 * subscriber who leaves would be kept until then.
 */
export function eventStream<T>({ present, live, accepts = () => true }: EventStreamParts<T>): AsyncIterableIterator<T> {
  const events = live[Symbol.asyncIterator]();
  let waiting: T[] | null = null;
  return {
    async next(): Promise<IteratorResult<T>> {
      waiting ??= [...((await present?.()) ?? [])];
      if (waiting.length > 0) return { done: false, value: waiting.shift() as T };
      let event = await events.next();
      while (!event.done && !accepts(event.value)) event = await events.next();
      return event;
    },
    async return(): Promise<IteratorResult<T>> {
      await events.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
