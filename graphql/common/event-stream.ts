/** The events of a subscription: the present state first, then what is published. */
import type { LiveEvents } from '../topics';

export interface EventStreamParts<T> {
  /** Called once, when live events are already being kept, so that no event is lost in between. Not called for a client that returns. */
  readonly present?: () => Promise<readonly T[]>;
  /** The number of the last event that a returning client has seen; null: the client is new. */
  readonly after?: number | null;
  /**
   * Some of the stored events after this number, the oldest ones, so that few are in memory for a client that reads slowly. Called until it
   * gives none: first for a client that returns, and again whenever live events were dropped.
   */
  readonly missed?: (after: number) => Promise<readonly T[]>;
  readonly live: LiveEvents<T>;
  readonly accepts?: (event: T) => boolean;
  /** The number of an event, where numbers rise: a live event that was among the stored ones is left out. */
  readonly numberOf?: (event: T) => number | undefined;
}

/**
 * Joins the present state, or what was missed, and the live events.
 *
 * It is not an async generator: such a generator cannot be closed while it waits for an event, so a subscriber who
 * leaves would be kept until the next event comes.
 */
export function eventStream<T>({
  present,
  after = null,
  missed,
  live,
  accepts = () => true,
  numberOf = () => undefined,
}: EventStreamParts<T>): AsyncIterableIterator<T> {
  const events = live[Symbol.asyncIterator]();
  let waiting: T[] = [];
  /** The number of the last event that was given or read. */
  let last = after;
  const readMissed = () => {
    events.takeDropped(); // what was dropped by now is among those that it reads
    return missed!(last!);
  };
  let source = after === null ? present : readMissed;
  const read = async (from: () => Promise<readonly T[]>) => {
    waiting = [...(await from())];
    if (from === present || waiting.length === 0) source = undefined;
    for (const event of waiting) note(event);
  };
  const note = (event: T) => (last = numberOf(event) ?? last);
  const isNew = (event: T) => (numberOf(event) ?? Infinity) > (last ?? -Infinity) && accepts(event);
  /** @param taken - A live event that was taken just now. */
  const mustRead = (taken: T | null = null) => {
    const dropped = events.takeDropped();
    const numbers = [dropped, taken].flatMap((event) => (event === null ? [] : (numberOf(event) ?? [])));
    if (missed === undefined || dropped === null || numbers.length === 0) return false;
    last ??= Math.min(...numbers) - 1; // all events before these were given
    return true;
  };
  const nextLive = async (): Promise<IteratorResult<T> | null> => {
    const event = await events.next();
    if (event.done) return event;
    if (mustRead(event.value))
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
