import { Admission, Refusal } from '../../../src/http/admission';

let listWaitMs = 0;
let refused = 0;
let admission: Admission;

beforeEach(() => {
  listWaitMs = 0;
  refused = 0;
  admission = new Admission({
    maxOperations: 100,
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
    enter('a', 50);
    expect(isRefused('a')).toBe(true);
    enter('b', 50);
    expect(isRefused('c')).toBe(true);
    expect([admission.inFlight, refused]).toEqual([100, 2]);
  });

  it('gives a place back once, however often it is said that an operation has ended', () => {
    const [leave] = enter('a', 50);
    leave();
    leave();
    expect(admission.inFlight).toBe(49);
    enter('a', 1);
    expect(isRefused('a')).toBe(true);
  });

  it('lets some in however long lists wait, so that there is always work', () => {
    listWaitMs = 60_000;
    enter('a', 8);
    expect(isRefused('a')).toBe(true);
  });

  it('lets those in that hold less than their share while lists wait too long', () => {
    enter('flood', 40);
    listWaitMs = 700;
    expect(isRefused('flood')).toBe(true);
    enter('key 1', 10);
    // 50 operations of two callers: each may have 25.
    enter('key 1', 15);
    expect(isRefused('flood')).toBe(true);
    listWaitMs = 0;
    enter('flood', 1);
  });

  it('refuses all who come while lists wait for twice as long', () => {
    enter('flood', 40);
    listWaitMs = 1_300;
    expect(isRefused('key 1')).toBe(true);
  });

  it('says when to come back', () => {
    listWaitMs = 4_200;
    enter('a', 8);
    const refusal = admission.enter('a') as Refusal;
    expect(refusal.error.extensions).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 5, http: { status: 503 } });
    expect(refusal.delayMs).toBe(0);
  });

  it('refuses, and lets clients wait for it, while the event loop is late', () => {
    enter('a', 8);
    blockFor(250);
    const { delayMs } = admission.enter('a') as Refusal;
    expect(delayMs).toBeGreaterThanOrEqual(500);
  });

  it('refuses while the event loop has no idle moment and more is in flight than ends soon', async () => {
    const leaves = enter('a', 10);
    while (!isRefused('a')) {
      blockFor(30);
      leaves.pop()?.();
      enter('a', 1).forEach((leave) => leaves.push(leave));
      await new Promise(setImmediate);
    }
    expect(admission.enter('key 1')).not.toBeInstanceOf(Refusal);
  });

  it('takes a long operation for no overload once the event loop is idle again', async () => {
    enter('a', 8);
    blockFor(250);
    while (isRefused('a')) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

function blockFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}
