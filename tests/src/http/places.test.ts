import { Places } from '../../../src/http/places';

describe('Places', () => {
  let listWaitMs = 0;
  let places: Places;

  beforeEach(() => {
    listWaitMs = 0;
    places = new Places(200, () => listWaitMs);
  });
  afterEach(() => places.dispose());

  /** Takes so many places. @returns What gives each back. */
  function enter(caller: string, count: number): (() => void)[] {
    return Array.from({ length: count }, () => {
      const leave = places.take(caller);
      if (leave === null) throw new Error(`${caller}: expected a place, got none`);
      return leave;
    });
  }

  const isRefused = (caller: string) => places.take(caller) === null;

  it('lets half of the operations of one caller in, and all of them of several', () => {
    enter('a', 100);
    expect(isRefused('a')).toBe(true);
    enter('b', 100);
    expect(isRefused('c')).toBe(true);
    expect(places.taken).toBe(200);
  });

  it('gives a place back once, however often it is said that an operation has ended', () => {
    const [leave] = enter('a', 100);
    leave();
    leave();
    expect(places.taken).toBe(99);
    enter('a', 1);
    expect(isRefused('a')).toBe(true);
  });

  it('lets some in however long lists wait, so that there is always work', () => {
    listWaitMs = 60_000;
    enter('a', 32);
    expect(isRefused('a')).toBe(true);
  });

  it('lets those in that hold less than their share while lists wait too long', () => {
    enter('flood', 80);
    listWaitMs = 1_100;
    expect(isRefused('flood')).toBe(true);
    // A hundred operations of two callers: each may have half.
    enter('key 1', 20);
    expect(isRefused('flood')).toBe(true);
    listWaitMs = 0;
    enter('flood', 1);
  });

  it('refuses all but holders of keys while lists wait for twice as long, and much is in flight', () => {
    enter('flood', 40);
    listWaitMs = 2_100;
    enter('key 1', 1);
    listWaitMs = 0;
    enter('others', 60);
    listWaitMs = 2_100;
    expect(isRefused('key 1')).toBe(true);
    expect(places.take('key 1', true)).toBeInstanceOf(Function);
  });

  it('refuses while the event loop has no idle moment, and ends that with an idle one', async () => {
    enter('a', 80);
    blockFor(600);
    expect(isRefused('a')).toBe(false); // a burst, so far
    await new Promise((resolve) => setTimeout(resolve));
    expect(isRefused('a')).toBe(true);
    expect(places.expectedWaitMs).toBeGreaterThan(100);
    while (isRefused('a')) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

function blockFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
