import { Admission, Refusal } from '../../../src/http/admission';

let listWaitMs = 0;
let refused = 0;
let admission: Admission;

beforeEach(() => {
  listWaitMs = 0;
  refused = 0;
  admission = new Admission({
    maxOperations: 200,
    expectedListWaitMs: () => listWaitMs,
    onRefusal: () => refused++,
  });
});
afterEach(() => admission.dispose());

/** Lets so many operations in. @returns What ends each. */
function enter(caller: string, count: number): (() => void)[] {
  return Array.from({ length: count }, () => {
    const entered = admission.enter(caller);
    if (entered instanceof Refusal) throw new Error(`${caller}: expected to come in, got a refusal`);
    return entered;
  });
}

const isRefused = (caller: string) => admission.enter(caller) instanceof Refusal;

describe('Admission', () => {
  it('lets half of the operations of one caller in, and all of them of several', () => {
    enter('a', 100);
    expect(isRefused('a')).toBe(true);
    enter('b', 100);
    expect(isRefused('c')).toBe(true);
    expect([admission.inFlight, refused]).toEqual([200, 2]);
  });

  it('gives a place back once, however often it is said that an operation has ended', () => {
    const [leave] = enter('a', 100);
    leave();
    leave();
    expect(admission.inFlight).toBe(99);
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
    expect(admission.enter('key 1', true)).toBeInstanceOf(Function);
  });

  it('says when to come back', () => {
    listWaitMs = 4_200;
    enter('a', 32);
    const refusal = admission.enter('a') as Refusal;
    expect(refusal.error().extensions).toMatchObject({
      code: 'OVERLOADED',
      retryAfterSeconds: 5,
      http: { status: 503 },
    });
    expect(refusal.delayMs).toBeGreaterThan(0); // a client that waits for its answer asks nothing meanwhile
  });

  it('refuses while the event loop has no idle moment, lets clients wait for it, and ends that with an idle one', async () => {
    enter('a', 80);
    blockFor(600);
    expect(isRefused('a')).toBe(false); // a burst, so far
    await new Promise((resolve) => setTimeout(resolve));
    const { delayMs } = admission.enter('a') as Refusal;
    expect(delayMs).toBeGreaterThanOrEqual(500);
    while (isRefused('a')) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

function blockFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
