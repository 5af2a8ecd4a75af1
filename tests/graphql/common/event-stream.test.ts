import { eventStream } from '../../../graphql/common/event-stream';
import type { TrainingProgressRecord } from '../../../graphql/training/records';
import { createTopicHub } from '../../../src/api/topics';
import { PROGRESS } from '../../support/fake-ports';

const at = (step: number, jobId = 1): TrainingProgressRecord => ({ ...PROGRESS, jobId, step });

describe('eventStream', () => {
  it('reads what was missed piece by piece, then gives what was published meanwhile', async () => {
    const hub = createTopicHub(2);
    const numbered = (event: number) => ({ ...at(event), event });
    const stored = [1, 2, 3, 4, 5].map(numbered);
    let taken = 0;
    const takenAtRead: number[] = [];
    const publish = (event: number) => {
      stored.push(numbered(event));
      hub.publish('TRAINING_PROGRESS', numbered(event));
    };
    const stream = eventStream<TrainingProgressRecord>({
      after: 0,
      missed: async (last) => {
        takenAtRead.push(taken);
        const piece = stored.slice(last).slice(0, 2);
        // More than the mailbox holds, but nobody has missed what is stored.
        if (last === 2) [6, 7, 8].forEach(publish);
        if (piece.length === 0) publish(9);
        return piece;
      },
      live: hub.subscribe('TRAINING_PROGRESS'),
      numberOf: ({ event }) => event,
    });
    const events = [];
    for (; taken < 9; taken++) events.push((await stream.next()).value.event);
    expect(events).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(takenAtRead).toEqual([0, 2, 4, 6, 8, 8]); // an event was dropped during the fifth
  });

  it('reads what was dropped because more came at once than is kept for a reader', async () => {
    const hub = createTopicHub(4);
    const stored = Array.from({ length: 40 }, (_, n) => ({ ...at(n + 1), event: n + 1 }));
    const stream = eventStream<TrainingProgressRecord>({
      present: async () => [at(0)],
      missed: async (last) => stored.filter(({ event }) => event > last).slice(0, 5),
      live: hub.subscribe('TRAINING_PROGRESS'),
      numberOf: ({ event }) => event,
    });
    const steps = [(await stream.next()).value.step];
    const publish = (from: number, to: number) =>
      stored.slice(from, to).forEach((event) => hub.publish('TRAINING_PROGRESS', event));
    const first = stream.next();
    await new Promise(setImmediate); // it waits for an event by now
    publish(0, 20);
    steps.push((await first).value.step);
    publish(20, 30);
    while (steps.at(-1) !== 30) steps.push((await stream.next()).value.step);
    const later = stream.next();
    await new Promise(setImmediate);
    publish(30, 40);
    steps.push((await later).value.step);
    while (steps.at(-1) !== 40) steps.push((await stream.next()).value.step);
    expect(steps).toEqual(Array.from({ length: 41 }, (_, n) => n));
  });

  it('reads what was dropped before a client that has missed nothing got its first event', async () => {
    const hub = createTopicHub(4);
    const stored = Array.from({ length: 40 }, (_, n) => ({ ...at(n), event: n }));
    const stream = eventStream<TrainingProgressRecord>({
      missed: async (last) => stored.filter(({ event }) => event > last).slice(0, 5),
      live: hub.subscribe('TRAINING_PROGRESS'),
      numberOf: ({ event }) => event,
    });
    stored.slice(7).forEach((event) => hub.publish('TRAINING_PROGRESS', event));
    const steps: number[] = [];
    while (steps.at(-1) !== 39) steps.push((await stream.next()).value.step);
    expect(steps).toEqual(Array.from({ length: 33 }, (_, n) => n + 7));
  });

  it('ends a reader that waits as soon as it is closed', async () => {
    const stream = eventStream({ live: createTopicHub().subscribe('TRAINING_PROGRESS') });
    const event = stream.next();
    await stream.return?.();
    expect(await event).toEqual({ done: true, value: undefined });
  });
});
