/** Lets the events of subscriptions run a few at a time for each caller, so that one who follows much holds up nobody else. */

/** Most of its time an event waits for the database. */
const MAX_RUNNING = 4;

export class EventQueues {
  private readonly queues = new Map<string, Queue>();

  /** @param caller - Whose queue the event waits in, such as an address. */
  async run<T>(caller: string, execute: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(caller) ?? { running: 0, waiting: [] };
    this.queues.set(caller, queue);
    if (queue.running === MAX_RUNNING) await new Promise<void>((start) => queue.waiting.push(start));
    else queue.running++;
    // The event loop looks at the network between two events.
    return execute().finally(() => setImmediate(() => this.startNext(caller, queue)));
  }

  private startNext(caller: string, queue: Queue): void {
    const start = queue.waiting.shift();
    if (start) return start();
    if (--queue.running === 0) this.queues.delete(caller);
  }
}

interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}
