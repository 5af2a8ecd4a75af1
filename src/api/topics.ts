/** Brings events from services to subscriptions, inside this process. */
import { setImmediate } from 'node:timers/promises';

import type { EventReader, Topic, TopicHub, Topics } from '../../graphql/topics';

/** The most events kept for a reader that is behind. Older ones are dropped, so that memory stays bounded. */
const MAILBOX_SIZE = 32;
/** Each event makes an answer for each reader. With many readers, other work comes in between. */
const READERS_PER_YIELD = 100;

type Readers = { readonly [T in Topic]: Set<Mailbox<Topics[T]>> };

export function createTopicHub(mailboxSize = MAILBOX_SIZE): TopicHub {
  const readers: Readers = {
    TRAINING_PROGRESS: new Set(),
    CATALOGUE_CHANGES: new Set(),
    ACTIVE_MODEL_CHANGES: new Set(),
  };
  return {
    publish(topic, payload) {
      const mailboxes = [...readers[topic]];
      for (const mailbox of mailboxes) mailbox.put(payload);
      void deliver(mailboxes);
    },
    subscribe(topic) {
      return { [Symbol.asyncIterator]: () => openMailbox(readers[topic], mailboxSize) };
    },
  };
}

function openMailbox<T>(readers: Set<Mailbox<T>>, size: number): EventReader<T> {
  const mailbox = new Mailbox<T>(size, () => readers.delete(mailbox));
  readers.add(mailbox);
  return mailbox;
}

/** Keeps the newest events for one reader until it asks for them. */
class Mailbox<T> implements EventReader<T> {
  private readonly events: T[] = [];
  private readonly waiting: ((result: IteratorResult<T>) => void)[] = [];
  private isClosed = false;
  private firstDropped: T | null = null;

  constructor(
    private readonly size: number,
    private readonly onClose: () => void,
  ) {}

  put(event: T): void {
    this.events.push(event);
    if (this.events.length > this.size) {
      const dropped = this.events.shift() as T;
      this.firstDropped ??= dropped;
    }
  }

  /** Gives the reader what it waits for. */
  deliver(): void {
    while (this.waiting.length > 0 && this.events.length > 0)
      this.waiting.shift()!({ done: false, value: this.events.shift() as T });
  }

  takeDropped(): T | null {
    const { firstDropped } = this;
    this.firstDropped = null;
    return firstDropped;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.isClosed) return Promise.resolve({ done: true, value: undefined });
    const isNext = this.events.length > 0 && this.waiting.length === 0;
    if (isNext) return Promise.resolve({ done: false, value: this.events.shift() as T });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T>> {
    this.isClosed = true;
    this.onClose();
    for (const reader of this.waiting.splice(0)) reader({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }
}

/** Gives a part of the readers their events, the first at once, then yields to the event loop before the next part. */
async function deliver(mailboxes: readonly Pick<Mailbox<unknown>, 'deliver'>[]): Promise<void> {
  for (const [i, mailbox] of mailboxes.entries()) {
    if (i > 0 && i % READERS_PER_YIELD === 0) await setImmediate();
    mailbox.deliver();
  }
}
