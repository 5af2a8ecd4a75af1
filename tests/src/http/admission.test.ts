import type { PublicError } from '../../../src/errors';
import { Admission, type Place } from '../../../src/http/admission';

const open = (limits: Partial<{ maxOperations: number; maxReadingBytes: number }> = {}) =>
  new Admission({ maxOperations: 4, maxReadingBytes: 1000, ...limits });

/** Operations still start by themselves, but only the test lets time pass. */
const fakeTheClock = () => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });

describe('Admission', () => {
  afterEach(() => jest.useRealTimers());

  it('lets no caller hold more than half of the places, and all of them no more than there are', () => {
    const admission = open();
    const places = ['a', 'a', 'a', 'b', 'c', 'd'].map((caller) => admission.enter(caller));
    expect(places.map((place) => place !== null)).toEqual([true, true, false, true, true, false]);
    places[0]?.leave();
    expect(admission.enter('d')).not.toBeNull();
  });

  it('gives a place back once, however often its holder leaves', () => {
    const admission = open({ maxOperations: 1 });
    const place = admission.enter('a');
    place?.leave();
    place?.leave();
    expect(admission.enter('a')).not.toBeNull();
    expect(admission.enter('b')).toBeNull();
  });

  it('lets operations start in the order in which they came', async () => {
    const admission = open({ maxOperations: 100 });
    const started: number[] = [];
    const turns = Array.from({ length: 10 }, async (_, i) => {
      await admission.enter('a')?.start();
      started.push(i);
    });
    await Promise.all(turns);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('looks at the network between starts, and the more often, the longer operations take', async () => {
    fakeTheClock();
    const roundsOf = async (eachTakesMs: number) => {
      const admission = open({ maxOperations: 1000 });
      const takeTime = () => void jest.advanceTimersByTime(eachTakesMs);
      const run = async () => {
        const place = admission.enter('a');
        await place?.start().then(takeTime);
        place?.leave();
      };
      for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 10 }, run));
      let rounds = 0;
      const count = () => void setImmediate(() => rounds++ < 1000 && count());
      count();
      await Promise.all(Array.from({ length: 16 }, run));
      return rounds;
    };
    expect(await roundsOf(1)).toBeGreaterThanOrEqual(2);
    expect(await roundsOf(1)).toBeLessThan(6);
    expect(await roundsOf(15)).toBeGreaterThanOrEqual(8);
  });

  it('refuses those who ask for much, not those who ask for little, when operations would wait too long', async () => {
    fakeTheClock();
    const admission = open({ maxOperations: 1000 });
    const started: Promise<void>[] = [];
    const takeTime = () => void jest.advanceTimersByTime(20);
    const begin = (place: Place | null) => place !== null && started.push(place.start().then(takeTime));
    for (let i = 0; i < 200; i++) begin(admission.enter('greedy'));
    // Each takes 20 ms, so those who wait now need seconds.
    await Promise.all(started.slice(0, 40));
    expect(admission.enter('greedy')).toBeNull();
    expect(admission.enter('modest')).not.toBeNull();
    await Promise.all(started);
    expect(admission.enter('greedy')).not.toBeNull();
  });

  it('goes on as before after its process was stopped for a while', async () => {
    fakeTheClock();
    const admission = open({ maxOperations: 100 });
    await admission.enter('a')?.start();
    const starts = Array.from({ length: 4 }, () => admission.enter('a')?.start());
    jest.advanceTimersByTime(60_000);
    await Promise.all(starts.slice(0, 2));
    expect(admission.enter('a')).not.toBeNull();
    await Promise.all(starts);
  });

  describe('in an overload', () => {
    const places: Place[] = [];
    beforeEach(fakeTheClock);
    afterEach(() => places.splice(0).forEach((place) => place.leave()));

    /** @returns An admission with a queue of operations that take so long each; `begin` adds one. */
    async function openWithQueue(operations: number, eachTakesMs: number) {
      const admission = open({ maxOperations: 1000 });
      const takeTime = () => void jest.advanceTimersByTime(eachTakesMs);
      const hasLeft = () => undefined;
      const begin = () => {
        const place = admission.enter('a');
        if (place !== null) places.push(place);
        return place?.start().then(takeTime, hasLeft);
      };
      await Promise.all(Array.from({ length: 100 }, begin));
      for (let i = 0; i < operations; i++) void begin();
      expect(admission.waiting).toBe(operations);
      return { admission, begin, isIn: () => admission.enter('a') !== null };
    }

    it('refuses those who would wait for long, and tries the longer queue again after a second', async () => {
      const { admission, isIn } = await openWithQueue(40, 5);
      expect(isIn()).toBe(true);
      admission.overloaded();
      expect(isIn()).toBe(false);
      jest.advanceTimersByTime(1_000);
      expect(isIn()).toBe(true);
    });

    it('begins when a queue is too long, so that it becomes a short one', async () => {
      const { admission, begin, isIn } = await openWithQueue(40, 5);
      while (begin());
      while (!isIn()) await new Promise(setImmediate);
      expect(admission.waiting).toBeLessThanOrEqual(5);
    });

    it('lets more of them wait where the event loop is what is overloaded', async () => {
      const { admission, begin, isIn } = await openWithQueue(20, 5);
      admission.overloaded();
      expect(isIn()).toBe(false);
      for (const place of places.slice(0, 100)) place.leave();
      expect(isIn()).toBe(true);
      void begin();
      expect(isIn()).toBe(false);
    });

    it('lets those in who would not wait for long, or come behind few', async () => {
      for (const [operations, eachTakesMs] of [
        [7, 1],
        [5, 5],
      ]) {
        const { admission, isIn } = await openWithQueue(operations, eachTakesMs);
        admission.overloaded();
        expect(isIn()).toBe(true);
      }
    });
  });

  it('tells an event loop with too much to do from operations that wait for something else', async () => {
    fakeTheClock();
    const admission = open({ maxOperations: 1000 });
    const takeTime = () => void jest.advanceTimersByTime(5);
    const places = Array.from({ length: 60 }, () => admission.enter('a'));
    await Promise.all(places.map((place) => place?.start().then(takeTime)));
    expect(admission.isLoopBound).toBe(false);
    for (const place of places.slice(2)) place?.leave();
    expect(admission.isLoopBound).toBe(true);
  });

  it('reads only as many bytes at the same time as it may', async () => {
    const admission = open();
    const [first, second] = ['a', 'b'].map((caller) => admission.enter(caller));
    expect(first?.read(800)).toBe(true);
    expect(second?.read(300)).toBe(false);
    await first?.start();
    expect(second?.read(300)).toBe(true);
  });

  it('takes the place of a caller who sends slowly, and gives one back when there is one', async () => {
    const admission = open({ maxOperations: 1 });
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    const slow = admission.enter('slow');
    slow?.read(10);
    jest.advanceTimersByTime(150);
    const other = admission.enter('other');
    expect(other).not.toBeNull();
    await expect(slow?.start()).rejects.toMatchObject({ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } });
    other?.leave();
    await slow?.start();
    expect(admission.enter('other')).toBeNull();
  });

  it('starts nothing for a caller who has left, and takes neither a place nor bytes for it', async () => {
    const admission = open({ maxOperations: 1 });
    const gone = admission.enter('gone');
    gone?.leave();
    await expect(gone?.start()).rejects.toMatchObject({ extensions: { code: 'CANCELLED' } });
    expect(() => gone?.read(1000)).toThrow('operation: expected a client that waits');
    const other = admission.enter('other');
    expect(other?.read(1000)).toBe(true);
    await other?.start();
  });

  it('forgets those who leave while they wait, and starts the others', async () => {
    const admission = open({ maxOperations: 8 });
    const places = ['a', 'b', 'c', 'd', 'e'].map((caller) => admission.enter(caller));
    const starts = places.map((place) => place?.start());
    const codes = starts.slice(0, 4).map((start) => start?.catch((error: PublicError) => error.extensions.code));
    places.slice(0, 4).forEach((place) => place?.leave());
    expect(await Promise.all(codes)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(admission.waiting).toBe(1);
    await starts[4];
    places[4]?.leave();
    const last = ['x', 'y'].map((caller) => admission.enter(caller));
    last.forEach((place) => place?.start().catch(() => undefined));
    last.forEach((place) => place?.leave());
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await admission.enter('z')?.start();
  });
});
