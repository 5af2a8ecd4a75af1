import { ListQueue } from '../../../src/recommend/queue';
import type { VersionedList } from '../../../src/workers/messages';
import { fakePool, type FakeDecodeWorker, modelOf, userOf } from '../../support/fake-decode-worker';

/** Item id of the first recommendation of each list. */
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

describe('ListQueue', () => {
  afterEach(() => jest.restoreAllMocks());

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

  it('leaves so little work that it is done soon to the worker that is busy', async () => {
    const { workers, queue } = await open(2);
    const begun = Promise.all(workers.map((worker) => worker.nextBatch()));
    const many = Array.from({ length: 33 }, (_, i) => queue.recommend([userOf(i)]));
    await begun;
    let next = workers[0].nextBatch();
    workers[0].answer(16); // 1 ms for each user
    await next;
    workers[0].answer(1);
    workers[1].answer(16);
    await Promise.all(many);
    next = workers[0].nextBatch();
    const few = Array.from({ length: 6 }, (_, i) => queue.recommend([userOf(i)]));
    await next;
    few.push(...Array.from({ length: 9 }, (_, i) => queue.recommend([userOf(i)])));
    await new Promise((resolve) => setImmediate(resolve));
    expect(workers.map(sizesOf)).toEqual([[16, 1, 6], [16]]);
    next = workers[1].nextBatch();
    few.push(queue.recommend([userOf(9)])); // now there are 10 ms of work
    await next;
    expect(workers.map(sizesOf)).toEqual([
      [16, 1, 6],
      [16, 10],
    ]);
    for (const worker of workers) worker.answer(6);
    expect(await Promise.all(few)).toHaveLength(16);
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

  it('expects the time of all users who come before, and of the own batch, at the pace of the last batches', async () => {
    const { worker, queue } = await open();
    const pass = stopClock();
    expect(queue.expectedWaitMs).toBe(0);
    let begun = worker.nextBatch();
    const lists = Array.from({ length: 80 }, (_, i) => queue.recommend([userOf(i)]));
    await begun;
    expect(queue.expectedWaitMs).toBe(0); // nothing is measured yet
    begun = worker.nextBatch();
    pass(400); // 25 ms for each of 16 users
    worker.answer();
    await begun;
    expect(queue.waitingUsers).toBe(48);
    expect(queue.expectedWaitMs).toBeCloseTo((16 / 2 + 48 + 16) * 25);
    for (let batch = 1; batch < 5; batch++) {
      const following = batch < 4 ? worker.nextBatch() : null;
      worker.answer();
      await following;
    }
    expect(await Promise.all(lists)).toHaveLength(80);
    expect([queue.waitingUsers, queue.expectedWaitMs]).toEqual([0, 0]);
  });

  it('does not make a list for which nobody waits any more', async () => {
    const { worker, queue } = await open();
    const begun = worker.nextBatch();
    const [stays, goes] = [new AbortController(), new AbortController()];
    const running = queue.recommend([userOf(1)], stays.signal);
    await begun;
    const waiting = [queue.recommend([userOf(2)], goes.signal), queue.recommend([userOf(3)], stays.signal)];
    goes.abort(new Error('gone'));
    await expect(waiting[0]).rejects.toThrow('gone');
    // A batch that runs already runs to its end.
    stays.abort(new Error('gone too'));
    await expect(waiting[1]).rejects.toThrow('gone too');
    worker.answer();
    expect(itemIdsOf(await running)).toEqual([1]);
    expect(worker.batches).toHaveLength(1);
    expect(() => queue.recommend([userOf(4)], goes.signal)).toThrow('gone');
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
    const { workers, queue, pool } = await open(3);
    const [first, second] = workers.map((worker) => worker.nextBatch());
    const list = queue.recommend([userOf(7)]);
    await first;
    workers[0].die();
    await second;
    workers[1].die();
    await expect(list).rejects.toMatchObject({ extensions: { code: 'OVERLOADED' } });
    expect([workers[2].batches, pool.modelVersionId]).toEqual([[], 4]);
  });

  it('has no model when its last worker has ended, and lets nobody wait', async () => {
    const { worker, queue, pool } = await open();
    const begun = worker.nextBatch();
    const lists = [queue.recommend([userOf(1)])];
    await begun;
    lists.push(queue.recommend([userOf(2)]));
    worker.die();
    for (const list of await Promise.allSettled(lists)) expect(list.status).toBe('rejected');
    expect(pool.modelVersionId).toBeNull();
    await expect(queue.recommend([userOf(3)])).rejects.toThrow('expected a decode worker with a model');
  });
});
