/** Brings events from services to subscriptions, inside this process. */
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
  const deliveries = new Deliveries();
  return {
    publish(topic, payload) {
      for (const mailbox of readers[topic]) mailbox.put(payload);
    },
    subscribe(topic) {
      return { [Symbol.asyncIterator]: () => openMailbox(readers[topic], mailboxSize, deliveries) };
    },
  };
}

function openMailbox<T>(readers: Set<Mailbox<T>>, size: number, deliveries: Deliveries): EventReader<T> {
  const mailbox = new Mailbox<T>(size, deliveries, () => readers.delete(mailbox));
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
    private readonly deliveries: Deliveries,
    private readonly onClose: () => void,
  ) {}

  put(event: T): void {
    this.events.push(event);
    if (this.events.length > this.size) {
      const dropped = this.events.shift() as T;
      this.firstDropped ??= dropped;
    }
    if (this.waiting.length > 0) this.deliveries.add(this);
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

type Deliverable = Pick<Mailbox<unknown>, 'deliver'>;

/** Gives a part of the readers their events, the first at once, then yields to the event loop before the next part. */
class Deliveries {
  private readonly late = new Set<Deliverable>();
  private countSinceYield = 0;
  private willGoOn = false;

  add(mailbox: Deliverable): void {
    if (this.countSinceYield < READERS_PER_YIELD) this.deliver(mailbox);
    else this.late.add(mailbox);
  }

  private deliver(mailbox: Deliverable): void {
    this.countSinceYield++;
    if (!this.willGoOn) setImmediate(() => this.goOn());
    this.willGoOn = true;
    mailbox.deliver();
  }

  private goOn(): void {
    this.willGoOn = false;
    this.countSinceYield = 0;
    for (const mailbox of this.late) {
      if (this.countSinceYield === READERS_PER_YIELD) return;
      this.late.delete(mailbox);
      this.deliver(mailbox);
    }
  }
}
