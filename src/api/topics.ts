/** Brings events from services to subscriptions, inside this process. */
import type { Topic, TopicHub, Topics } from '../../graphql/topics';

/** The most events kept for a reader that is behind. Older ones are dropped, so that memory stays bounded. */
const MAILBOX_SIZE = 32;

type Readers = { readonly [T in Topic]: Set<Mailbox<Topics[T]>> };

export function createTopicHub(mailboxSize = MAILBOX_SIZE): TopicHub {
  const readers: Readers = {
    TRAINING_PROGRESS: new Set(),
    CATALOGUE_CHANGES: new Set(),
    ACTIVE_MODEL_CHANGES: new Set(),
  };
  return {
    publish(topic, payload) {
      for (const mailbox of readers[topic]) mailbox.put(payload);
    },
    subscribe(topic) {
      return { [Symbol.asyncIterator]: () => openMailbox(readers[topic], mailboxSize) };
    },
  };
}

function openMailbox<T>(readers: Set<Mailbox<T>>, size: number): AsyncIterator<T> {
  const mailbox = new Mailbox<T>(size, () => readers.delete(mailbox));
  readers.add(mailbox);
  return mailbox;
}

/** Keeps the newest events for one reader until it asks for them. */
class Mailbox<T> implements AsyncIterator<T> {
  private readonly events: T[] = [];
  private readonly waiting: ((result: IteratorResult<T>) => void)[] = [];
  private isClosed = false;

  constructor(
    private readonly size: number,
    private readonly onClose: () => void,
  ) {}

  put(event: T): void {
    const reader = this.waiting.shift();
    if (reader) return reader({ done: false, value: event });
    this.events.push(event);
    if (this.events.length > this.size) this.events.shift();
  }

  next(): Promise<IteratorResult<T>> {
    if (this.isClosed) return Promise.resolve({ done: true, value: undefined });
    if (this.events.length > 0) return Promise.resolve({ done: false, value: this.events.shift() as T });
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T>> {
    this.isClosed = true;
    this.onClose();
    for (const reader of this.waiting.splice(0)) reader({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }
}
