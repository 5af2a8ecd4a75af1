/** The events of a subscription: the present state first, then what is published. */

export interface EventStreamParts<T> {
  /** Called once, when live events are already being kept, so that no event is lost in between. */
  readonly present?: () => Promise<readonly T[]>;
  /**
   * In place of `present`: what the client has missed, piece by piece, so that little of it is kept for a client that reads slowly.
   * Called when the former piece has been taken, until it gives none.
   *
   * @param last - The last event that it gave; null at first.
   */
  readonly missed?: (last: T | null) => Promise<readonly T[]>;
  readonly live: AsyncIterable<T>;
  readonly accepts?: (event: T) => boolean;
  /** The number of an event, where numbers rise: a live event that was among the present ones is left out. */
  readonly numberOf?: (event: T) => number | undefined;
}

/**
 * Joins the present state and the live events.
 *
 * It is not an async generator: such a generator cannot be closed while it waits for an event, so a subscriber who
 * leaves would be kept until the next event comes.
 */
export function eventStream<T>({
  present = async () => [],
  missed,
  live,
  accepts = () => true,
  numberOf = () => undefined,
}: EventStreamParts<T>): AsyncIterableIterator<T> {
  const events = live[Symbol.asyncIterator]();
  let waiting: T[] = [];
  let last: T | null = null;
  let lastPresent = -Infinity;
  let mayHaveMore = true;
  const read = async () => {
    waiting = [...(await (missed ? missed(last) : present()))];
    mayHaveMore = missed !== undefined && waiting.length > 0;
    last = waiting.at(-1) ?? last;
    lastPresent = Math.max(lastPresent, ...waiting.map((event) => numberOf(event) ?? -Infinity));
  };
  const isNew = (event: T) => (numberOf(event) ?? Infinity) > lastPresent && accepts(event);
  return {
    async next(): Promise<IteratorResult<T>> {
      while (mayHaveMore && waiting.length === 0) await read();
      if (waiting.length > 0) return { done: false, value: waiting.shift() as T };
      let event = await events.next();
      while (!event.done && !isNew(event.value)) event = await events.next();
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
