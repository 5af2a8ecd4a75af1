/** Lets the events of subscriptions run a few at a time for each caller, so that one who follows much holds up nobody else. */

/** Most of its time an event waits for the database. */
const AT_ONCE = 4;

export class EventTurns {
  private readonly lines = new Map<string, Line>();

  /** @param caller - Whose line the event stands in, such as an address. */
  async run<T>(caller: string, execute: () => Promise<T>): Promise<T> {
    const line = this.lines.get(caller) ?? { running: 0, waiting: [] };
    this.lines.set(caller, line);
    if (line.running === AT_ONCE) await new Promise<void>((start) => line.waiting.push(start));
    else line.running++;
    // The event loop looks at the network between two events.
    return execute().finally(() => setImmediate(() => this.startNext(caller, line)));
  }

  private startNext(caller: string, line: Line): void {
    const start = line.waiting.shift();
    if (start) return start();
    if (--line.running === 0) this.lines.delete(caller);
  }
}

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}
