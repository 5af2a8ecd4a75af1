import { EventQueues } from '../../../src/http/event-queues';
import { until } from '../../support/until';

describe('EventQueues', () => {
  let queues: EventQueues;
  let running: Record<string, number>;
  let most: Record<string, number>;
  let ends: (() => void)[];
  beforeEach(() => {
    queues = new EventQueues();
    [running, most, ends] = [{}, {}, []];
  });

  /** An event that runs until it is ended. */
  const event = (caller: string, fault?: Error) =>
    queues.run(caller, async () => {
      running[caller] = (running[caller] ?? 0) + 1;
      most[caller] = Math.max(most[caller] ?? 0, running[caller]);
      await new Promise<void>((end) => ends.push(end));
      running[caller]--;
      if (fault) throw fault;
      return caller;
    });
  const endAll = () => ends.splice(0).forEach((end) => end());

  it('runs four events of a caller at a time, and holds up nobody else', async () => {
    const all = Array.from({ length: 10 }, () => event('busy'));
    const other = event('other');
    expect(running).toEqual({ busy: 4, other: 1 });
    let done = 0;
    for (const one of [...all, other]) void one.then(() => done++);
    await until(() => {
      endAll();
      return done === 11;
    });
    expect(most).toEqual({ busy: 4, other: 1 });
    expect(await Promise.all([all[9], other])).toEqual(['busy', 'other']);
  });

  it('starts events in the order in which they came', async () => {
    const started: number[] = [];
    const all = Array.from({ length: 12 }, (_, i) => queues.run('a', async () => void started.push(i)));
    await Promise.all(all);
    expect(started).toEqual([...all.keys()]);
  });

  it('goes on after an event that fails', async () => {
    const all = Array.from({ length: 6 }, (_, i) => event('a', i < 4 ? new Error(`fault ${i}`) : undefined));
    const settled = Promise.allSettled(all);
    endAll();
    await until(() => ends.length === 2);
    endAll();
    const outcomes = (await settled).map(({ status }) => status);
    expect(outcomes).toEqual(['rejected', 'rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('looks at the network between two events', async () => {
    let rounds = 0;
    const count = () => void setImmediate(() => ++rounds < 1000 && count());
    count();
    await Promise.all(Array.from({ length: 40 }, () => queues.run('a', async () => undefined)));
    expect(rounds).toBeGreaterThanOrEqual(9);
  });
});
