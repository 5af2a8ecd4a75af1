/** The events of a subscription: the present state first, then what is published. */
import type { EventReader, LiveEvents } from '../topics';

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

/** @returns The present state, or what was missed, and then the live events. */
export function eventStream<T>(parts: EventStreamParts<T>): AsyncIterableIterator<T> {
  return new EventStream(parts);
}

/**
 * @param after - The number of the last event that a client says it has seen; null or absent: it has seen none.
 * @param newest - Gives the greatest number that an event has.
 * @returns `after`; null when no event has that number yet: the client saw it in another database, such as the one that was there before
 *   a backup was restored. It would hear nothing until the numbers reach its own, so it counts as new.
 */
export async function knownAfter(
  after: number | null | undefined,
  newest: () => Promise<number>,
): Promise<number | null> {
  return after == null || after > (await newest()) ? null : after;
}

type Read<T> = () => Promise<readonly T[]>;

/**
 * It is not an async generator: such a generator cannot be closed while it waits for an event, so a subscriber who
 * leaves would be kept until the next event comes.
 */
class EventStream<T> implements AsyncIterableIterator<T> {
  private readonly events: EventReader<T>;
  /** Events that were read and not given yet. */
  private waiting: T[] = [];
  /** The number of the last event that was given or read. */
  private last: number | null;
  /** The next read of stored events, before the live ones go on. */
  private source: Read<T> | undefined;

  constructor(private readonly parts: EventStreamParts<T>) {
    const { live, after = null, present } = parts;
    this.events = live[Symbol.asyncIterator]();
    this.last = after;
    this.source = after === null ? present : this.readMissed;
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.waiting.length === 0 && this.mustRead()) this.source = this.readMissed;
      while (this.source !== undefined && this.waiting.length === 0) await this.read(this.source);
      if (this.waiting.length > 0) return { done: false, value: this.waiting.shift() as T };
      const event = await this.nextLive();
      if (event !== null) return event;
    }
  }

  async return(): Promise<IteratorResult<T>> {
    await this.events.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  private readonly readMissed: Read<T> = () => {
    this.events.takeDropped(); // what was dropped by now is among those that it reads
    return this.parts.missed!(this.last!);
  };

  private async read(from: Read<T>): Promise<void> {
    this.waiting = [...(await from())];
    if (from === this.parts.present || this.waiting.length === 0) this.source = undefined;
    for (const event of this.waiting) this.note(event);
  }

  /** @returns Null when the event is no news, or when others come before it. */
  private async nextLive(): Promise<IteratorResult<T> | null> {
    const event = await this.events.next();
    if (event.done) return event;
    if (this.mustRead(event.value)) {
      this.source = this.readMissed; // the event is among those that it reads
      return null;
    }
    if (!this.isNew(event.value)) return null;
    this.note(event.value);
    return event;
  }

  /** @param taken - A live event that was taken just now. @returns Whether live events were dropped that can be read. */
  private mustRead(taken: T | null = null): boolean {
    const dropped = this.events.takeDropped();
    const numbers = [dropped, taken].flatMap((event) => (event === null ? [] : (this.numberOf(event) ?? [])));
    if (this.parts.missed === undefined || dropped === null || numbers.length === 0) return false;
    this.last ??= Math.min(...numbers) - 1; // all events before these were given
    return true;
  }

  private isNew(event: T): boolean {
    const { accepts = () => true } = this.parts;
    return (this.numberOf(event) ?? Infinity) > (this.last ?? -Infinity) && accepts(event);
  }

  private note(event: T): void {
    this.last = this.numberOf(event) ?? this.last;
  }

  private numberOf(event: T): number | undefined {
    return this.parts.numberOf?.(event);
  }
}
