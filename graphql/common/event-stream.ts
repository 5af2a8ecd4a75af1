/** The events of a subscription: the present state first, then what is published. */
import type { LiveEvents } from '../topics';

export interface EventStreamParts<T> {
  /** Called once, when live events are already being kept, so that no event is lost in between. */
  readonly present?: () => Promise<readonly T[]>;
  /**
   * What the client has missed, piece by piece, so that little of it is kept for a client that reads slowly. Called when the former piece
   * has been taken, until it gives none: at first in place of `present`, and again whenever live events were dropped.
   *
   * @param last - The last event with a number that it gave; null at first.
   */
  readonly missed?: (last: T | null) => Promise<readonly T[]>;
  readonly live: LiveEvents<T>;
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
  present,
  missed,
  live,
  accepts = () => true,
  numberOf = () => undefined,
}: EventStreamParts<T>): AsyncIterableIterator<T> {
  const events = live[Symbol.asyncIterator]();
  let waiting: T[] = [];
  let last: T | null = null;
  let lastRead = -Infinity;
  const readMissed = missed && (() => missed(last));
  let source = present ?? readMissed;
  const read = async (from: () => Promise<readonly T[]>) => {
    if (from === readMissed) events.takeDropped(); // what was dropped by now is among those that it reads
    waiting = [...(await from())];
    if (from === present || waiting.length === 0) source = undefined;
    for (const event of waiting) note(event);
    lastRead = Math.max(lastRead, ...waiting.map((event) => numberOf(event) ?? -Infinity));
  };
  const note = (event: T) => {
    if (numberOf(event) !== undefined) last = event;
  };
  const isNew = (event: T) => (numberOf(event) ?? Infinity) > lastRead && accepts(event);
  /** Without a last event nobody knows where to go on. */
  const mustRead = () => readMissed !== undefined && last !== null && events.takeDropped();
  const nextLive = async (): Promise<IteratorResult<T> | null> => {
    const event = await events.next();
    if (event.done) return event;
    if (mustRead())
      source = readMissed; // the event is among those that it reads
    else if (isNew(event.value)) {
      note(event.value);
      return event;
    }
    return null;
  };
  return {
    async next(): Promise<IteratorResult<T>> {
      for (;;) {
        if (waiting.length === 0 && mustRead()) source = readMissed;
        while (source !== undefined && waiting.length === 0) await read(source);
        if (waiting.length > 0) return { done: false, value: waiting.shift() as T };
        const event = await nextLive();
        if (event !== null) return event;
      }
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
