import { ListQueue } from '../../../src/recommend/list-queue';
import type { VersionedList } from '../../../src/workers/messages';
import { fakePool, type FakeDecodeWorker, modelOf, userOf } from '../../support/fake-decode-worker';

/** Of the first recommendation of each list. */
const itemIdsOf = (lists: readonly VersionedList[]) => lists.map(({ recommendations }) => recommendations[0].itemId);
const sizesOf = ({ batches }: FakeDecodeWorker) => batches.map((batch) => batch.length);

async function open(count = 1) {
  const { pool, workers } = fakePool(count);
  await pool.load(modelOf(4));
  return { workers, worker: workers[0], pool, queue: new ListQueue(pool) };
}

/** Stops the queue's clock. @returns A function that sets it forward. */
function stopClock(): (ms: number) => void {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return (ms) => void (now += ms);
}

/**
 * Asks for one list for each of so many users, and answers the first batch after so long; the second one runs then.
 *
 * @param ms - Stops the queue's clock and sets it forward by this.
 */
async function listsAfterBatch(
  { worker, queue }: { readonly worker: FakeDecodeWorker; readonly queue: ListQueue },
  users: number,
  ms: number,
): Promise<Promise<readonly VersionedList[]>[]> {
  const pass = stopClock();
  const begun = worker.nextBatch();
  const lists = Array.from({ length: users }, (_, i) => queue.recommend([userOf(i)]));
  await begun;
  const next = worker.nextBatch();
  pass(ms);
  worker.answer();
  await next;
  return lists;
}

describe('ListQueue', () => {
  afterEach(() => jest.restoreAllMocks());

  it('gathers users that ask in one turn into one batch, each with its own list', async () => {
    const { worker, queue } = await open();
    const begun = worker.nextBatch();
    const lists = [1, 2, 3].map((first) => queue.recommend([userOf(first)]));
    await begun;
    worker.answer();
    expect((await Promise.all(lists)).map(itemIdsOf)).toEqual([[1], [2], [3]]);
    expect(sizesOf(worker)).toEqual([3]);
  });

  it('gathers what arrives while a batch runs, 16 at a time', async () => {
    const { worker, queue } = await open();
    let begun = worker.nextBatch();
    const first = queue.recommend([userOf(0)]);
    await begun;
    const rest = Array.from({ length: 20 }, (_, i) => queue.recommend([userOf(i)]));
    for (const expected of [16, 4]) {
      begun = worker.nextBatch();
      worker.answer();
      await begun;
      expect(worker.batches.at(-1)).toHaveLength(expected);
    }
    worker.answer();
    expect(await Promise.all([first, ...rest])).toHaveLength(21);
  });

  it('shares what waits among the idle workers', async () => {
    const { workers, queue } = await open(3);
    const begun = Promise.all(workers.map((worker) => worker.nextBatch()));
    const lists = Array.from({ length: 12 }, (_, i) => queue.recommend([userOf(i)]));
    await begun;
    expect(workers.map(sizesOf)).toEqual([[4], [4], [4]]);
    for (const worker of workers) worker.answer();
    expect((await Promise.all(lists)).flatMap(itemIdsOf)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('gives the next batch to the worker that is done first', async () => {
    const { workers, queue } = await open(2);
    const begun = Promise.all(workers.map((worker) => worker.nextBatch()));
    const first = [1, 2].map((item) => queue.recommend([userOf(item)]));
    await begun;
    const next = queue.recommend([userOf(3)]);
    const taken = workers[1].nextBatch();
    workers[1].answer();
    await taken;
    expect(workers.map(sizesOf)).toEqual([[1], [1, 1]]);
    for (const worker of workers) worker.answer();
    expect((await Promise.all([...first, next])).flatMap(itemIdsOf)).toEqual([1, 2, 3]);
  });

  it('does not wake a second worker for so few users that the first one is done soon, unless it is not', async () => {
    const { workers, queue } = await open(2);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'performance', 'queueMicrotask', 'setImmediate'] });
    try {
      const answered = async (worker: FakeDecodeWorker, list: Promise<readonly VersionedList[]>) => {
        worker.answer(); // within 1 ms
        await list;
      };
      let begun = workers[0].nextBatch();
      const [first, second] = [queue.recommend([userOf(1)]), queue.recommend([userOf(2)])];
      await Promise.all([begun, workers[1].nextBatch()]);
      await Promise.all([answered(workers[0], first), answered(workers[1], second)]);
      begun = workers[0].nextBatch();
      const long = queue.recommend([userOf(3)]);
      await begun;
      const few = [4, 5].map((item) => queue.recommend([userOf(item)]));
      await new Promise((resolve) => setImmediate(resolve));
      expect(workers.map(sizesOf)).toEqual([[1, 1], [1]]);
      jest.advanceTimersByTime(10);
      expect(workers.map(sizesOf)).toEqual([
        [1, 1],
        [1, 2],
      ]);
      const many = Array.from({ length: 16 }, (_, i) => queue.recommend([userOf(i)]));
      await Promise.all([answered(workers[1], few[0]), few[1]]);
      expect(sizesOf(workers[1])).toEqual([1, 2, 16]);
      await Promise.all([answered(workers[0], long), answered(workers[1], many[15])]);
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([
    { waiting: 20, rounds: 4 },
    { waiting: 16, rounds: 1 },
  ])('hands 4 lists out in $rounds rounds of the event loop when $waiting others wait', async ({ waiting, rounds }) => {
    const { worker, queue } = await open();
    let begun = worker.nextBatch();
    const handed = new Set<number>();
    let round = 0;
    let isCounting = true;
    const count = (): unknown => isCounting && setImmediate(() => (round++, count()));
    const first = Array.from({ length: 4 }, () => queue.recommend([userOf(1)]).then(() => handed.add(round)));
    await begun;
    const rest = Array.from({ length: waiting }, (_, i) => queue.recommend([userOf(i)]));
    begun = worker.nextBatch();
    count();
    worker.answer();
    await Promise.all(first);
    isCounting = false;
    expect(handed.size).toBe(rounds);
    await begun;
    worker.answer();
    await Promise.all(rest.slice(0, 16));
  });

  it('keeps the lists of one call in one batch', async () => {
    const { worker, queue } = await open();
    let begun = worker.nextBatch();
    const calls = Array.from({ length: 6 }, () => queue.recommend([userOf(1), userOf(2), userOf(3)]));
    await begun;
    begun = worker.nextBatch();
    worker.answer();
    await begun;
    worker.answer();
    for (const lists of await Promise.all(calls)) expect(itemIdsOf(lists)).toEqual([1, 2, 3]);
    expect(sizesOf(worker)).toEqual([15, 3]);
  });

  it('refuses at once, and says when to come again, what would wait too long at the pace of the last batches', async () => {
    const { worker, queue } = await open();
    const lists = await listsAfterBatch({ worker, queue }, 80, 400); // 25 ms for each of 16 users: 48 that wait need 1.2 s
    expect(queue.waitingUsers).toBe(48);
    // Half of the 16 that run, the 48, and a batch of 16 for oneself: 1.8 s.
    const work = jest.fn(() => Promise.resolve());
    await expect(queue.admit(1, work)).rejects.toMatchObject({
      message: expect.stringContaining('expected a list within 600 ms, got about 1800 ms'),
      extensions: { code: 'OVERLOADED', retryAfterSeconds: 2 },
    });
    expect(work).not.toHaveBeenCalled();
    await expect(queue.admit(0, async () => 'no list')).resolves.toBe('no list');
    for (let batch = 1; batch < 5; batch++) {
      const following = batch < 4 ? worker.nextBatch() : null;
      worker.answer();
      await following;
    }
    expect(await Promise.all(lists)).toHaveLength(80);
    expect(queue.waitingUsers).toBe(0);
    await queue.admit(1, work);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('counts users whose histories are still being read among those who wait', async () => {
    const { worker, queue } = await open();
    const lists = await listsAfterBatch({ worker, queue }, 17, 400); // 25 ms for each of 16 users
    let read!: () => void;
    const reading = new Promise<void>((resolve) => (read = resolve));
    const admitted = [10, 11, 1].map((users) => queue.admit(users, () => reading));
    await expect(admitted[2]).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
    read();
    await Promise.all(admitted.slice(0, 2));
    await expect(queue.admit(1, () => Promise.resolve('let in'))).resolves.toBe('let in');
    worker.answer();
    await Promise.all(lists);
  });

  it('refuses who fills the queue, and has another caller among the next batch: its one list', async () => {
    const { worker, queue } = await open();
    const pass = stopClock();
    const ask = (caller: string, first: number) =>
      queue.admit(1, () => queue.recommend([userOf(first)], { caller }), caller);
    let begun = worker.nextBatch();
    const lists = Array.from({ length: 80 }, (_, i) => ask('much', i));
    await begun;
    begun = worker.nextBatch();
    pass(400); // 25 ms for each of 16 users
    worker.answer();
    await begun;
    await expect(ask('much', 80)).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
    lists.push(ask('little', 81));
    for (let batch = 2; batch < 6; batch++) {
      begun = worker.nextBatch();
      worker.answer();
      await begun;
    }
    worker.answer();
    await Promise.all(lists);
    expect(worker.batches.map((batch) => batch.findIndex(({ first }) => first === 81))).toEqual([
      -1, -1, 1, -1, -1, -1,
    ]);
  });

  it('lets each of several callers who ask for much have a part of the queue', async () => {
    const { worker, queue } = await open();
    const running = await listsAfterBatch({ worker, queue }, 17, 160); // 10 ms for each of 16 users
    let end!: () => void;
    const reading = new Promise<string>((resolve) => (end = () => resolve('let in')));
    const askOften = (caller: string) => Array.from({ length: 60 }, () => queue.admit(1, () => reading, caller));
    const outcomes = ['first', 'second', 'third'].map(askOften).map((asked) => Promise.allSettled(asked));
    end();
    const letIn = (await Promise.all(outcomes)).map(
      (each) => each.filter(({ status }) => status === 'fulfilled').length,
    );
    // Half of the one that runs, 43 others and a batch of 16 take less than 600 ms: 43, 21 + 22, 13 + 14 + 14.
    expect(letIn).toEqual([44, 22, 14]);
    worker.answer();
    await Promise.all(running);
  });

  it('refuses nobody while no model is there to make lists', async () => {
    const { worker, queue } = await open();
    const lists = await listsAfterBatch({ worker, queue }, 20, 900);
    let end!: () => void;
    const reading = new Promise<void>((resolve) => (end = resolve));
    const before = [16, 4].map((users) => queue.admit(users, () => reading));
    await expect(queue.admit(1, () => reading)).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
    worker.die();
    await Promise.allSettled(lists);
    await expect(queue.admit(1, async () => 'popular items')).resolves.toBe('popular items');
    end();
    await Promise.all(before);
  });

  it('refuses nobody who gets into the next batch, however slow the last one was', async () => {
    const { worker, queue } = await open();
    const lists = await listsAfterBatch({ worker, queue }, 20, 900);
    const more = Array.from({ length: 16 }, (_, i) => queue.admit(1, () => queue.recommend([userOf(i)])));
    const following = worker.nextBatch();
    worker.answer();
    await following;
    worker.answer();
    expect(await Promise.all([...lists, ...more])).toHaveLength(36);
  });

  it('does not make a list for which nobody waits any more', async () => {
    const { worker, queue } = await open();
    const begun = worker.nextBatch();
    const [stays, goes] = [new AbortController(), new AbortController()];
    const running = queue.recommend([userOf(1)], stays);
    await begun;
    const waiting = [queue.recommend([userOf(2)], goes), queue.recommend([userOf(3)], stays)];
    goes.abort(new Error('gone'));
    await expect(waiting[0]).rejects.toThrow('gone');
    // What runs already runs to its end.
    stays.abort(new Error('gone too'));
    await expect(waiting[1]).rejects.toThrow('gone too');
    worker.answer();
    expect(itemIdsOf(await running)).toEqual([1]);
    expect(worker.batches).toHaveLength(1);
    expect(() => queue.recommend([userOf(4)], goes)).toThrow('gone');
  });

  it('has another worker make the lists of one that ends', async () => {
    const { workers, queue } = await open(2);
    const [begun, taken] = workers.map((worker) => worker.nextBatch());
    const list = queue.recommend([userOf(7)]);
    await begun;
    workers[0].die();
    await taken;
    workers[1].answer();
    expect(itemIdsOf(await list)).toEqual([7]);
  });

  it('refuses lists that have ended two workers, so that they do not end all', async () => {
    const { workers, queue } = await open(3);
    const [first, second] = workers.map((worker) => worker.nextBatch());
    const list = queue.recommend([userOf(7)]);
    await first;
    workers[0].die();
    await second;
    workers[1].die();
    await expect(list).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
    expect([workers[2].batches, queue.modelVersionId]).toEqual([[], 4]);
  });

  it('has no model when its last worker has ended, and lets nobody wait', async () => {
    const { worker, queue } = await open();
    const begun = worker.nextBatch();
    const lists = [queue.recommend([userOf(1)])];
    await begun;
    lists.push(queue.recommend([userOf(2)]));
    worker.die();
    for (const list of await Promise.allSettled(lists)) expect(list.status).toBe('rejected');
    expect(queue.modelVersionId).toBeNull();
    await expect(queue.recommend([userOf(3)])).rejects.toThrow('expected a decode worker with a model');
  });
});
