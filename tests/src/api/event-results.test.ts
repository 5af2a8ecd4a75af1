import { eventResults } from '../../../src/api/event-results';

describe('eventResults', () => {
  let ended: number;
  beforeEach(() => (ended = 0));

  async function* events(count: number) {
    try {
      for (let event = 1; event <= count; event++) yield event;
    } finally {
      ended++;
    }
  }
  const abort = () => new AbortController();
  const answerTo = (event: unknown) => Promise.resolve({ data: { event } });

  it('has an answer for each event, in their order, and ends with them', async () => {
    const answers: unknown[] = [];
    for await (const { data } of eventResults(events(3), abort().signal, answerTo)) answers.push(data?.event);
    expect(answers).toEqual([1, 2, 3]);
    expect(ended).toBe(1);
  });

  it('asks for no event before its answer is asked for', async () => {
    let asked = 0;
    const source = { next: () => Promise.resolve({ done: false, value: ++asked }) };
    const answers = eventResults(source, abort().signal, answerTo);
    await answers.next();
    expect(asked).toBe(1);
  });

  it('ends the events when it is aborted between two answers, and when its reader leaves', async () => {
    const stop = abort();
    const stopped = eventResults(events(3), stop.signal, answerTo);
    expect(await stopped.next()).toEqual({ done: false, value: { data: { event: 1 } } });
    stop.abort();
    expect(await stopped.next()).toEqual({ done: true, value: undefined });
    const left = eventResults(events(3), abort().signal, answerTo);
    await left.next();
    expect(await left.return!()).toEqual({ done: true, value: undefined });
    expect(ended).toBe(2);
  });
});
