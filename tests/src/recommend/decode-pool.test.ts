import { WorkerLostError } from '../../../src/recommend/decode-pool';
import { DEATH, fakePool, loadWhole, modelOf, userOf } from '../../support/fake-decode-worker';

const DAMAGED = Object.assign(new Error('damaged'), { name: 'CheckpointError' });

function gate() {
  let open!: () => void;
  return { opened: new Promise<void>((resolve) => (open = resolve)), open };
}

describe('DecodePool', () => {
  let lost: unknown[];
  const open = (count: number) => fakePool(count, (cause) => lost.push(cause));
  beforeEach(() => (lost = []));

  it('names a version when all workers have it, and each worker goes over when it has loaded it', async () => {
    const { pool, workers } = open(2);
    await loadWhole(pool, modelOf(1));
    const slow = gate();
    workers[1].loaded = slow.opened;
    const loading = pool.load(modelOf(2));
    await new Promise(setImmediate);
    expect([pool.modelVersionId, ...workers.map(({ liveId }) => liveId)]).toEqual([1, 2, 1]);
    slow.open();
    await loading;
    expect([pool.modelVersionId, ...workers.map(({ liveId }) => liveId)]).toEqual([2, 2, 2]);
  });

  it('answers with its first version as soon as one worker is ready, and the others miss no change', async () => {
    const { pool, workers } = open(2);
    const slow = gate();
    workers[1].loaded = slow.opened;
    await pool.load(modelOf(1));
    expect([pool.modelVersionId, pool.readyCount, pool.isWhole]).toEqual([1, 1, true]);
    const applied = pool.apply({ catalogueVersion: 10, changes: [] });
    slow.open();
    await applied;
    await pool.revive(modelOf(1)); // nothing is left to do
    expect([pool.readyCount, workers[1].asked]).toEqual([2, ['load', 'apply']]);
  });

  it('keeps the former version when no worker can load the next, and loses one that cannot when others can', async () => {
    const { pool, workers } = open(2);
    await loadWhole(pool, modelOf(1));
    for (const worker of workers) worker.loadError = DAMAGED;
    await expect(pool.load(modelOf(2))).rejects.toBe(DAMAGED);
    expect([pool.modelVersionId, pool.readyCount, lost]).toEqual([1, 2, []]);
    workers[0].loadError = null;
    await pool.load(modelOf(2));
    expect([pool.modelVersionId, pool.readyCount, lost]).toEqual([2, 1, [DAMAGED]]);
  });

  it('lets a list end with the version that it began with', async () => {
    const { pool, workers } = open(1);
    await pool.load(modelOf(1));
    const lists = pool.recommend(pool.take()!, [userOf(5)]);
    await pool.load(modelOf(2));
    workers[0].answer();
    expect((await lists).lists[0].modelVersionId).toBe(1);
  });

  it('goes on with the workers that are left, and says that one is lost', async () => {
    const { pool, workers } = open(2);
    await pool.load(modelOf(1));
    const lists = pool.recommend(pool.take()!, [userOf(5)]);
    workers[0].die();
    await expect(lists).rejects.toThrow(WorkerLostError);
    expect([pool.modelVersionId, pool.readyCount, lost]).toEqual([1, 1, [DEATH]]);
    expect(pool.take()?.client).toBe(workers[1]);
  });

  it('loads the live version into the lost workers alone', async () => {
    const { pool, workers } = open(2);
    await pool.load(modelOf(1));
    const lists = pool.recommend(pool.take()!, [userOf(5)]);
    workers[0].die();
    await lists.catch(() => undefined);
    await pool.revive(modelOf(1));
    expect(pool.readyCount).toBe(2);
    expect(workers.map(({ asked }) => asked.filter((type) => type === 'load').length)).toEqual([2, 1]);
    expect(workers[0].liveId).toBe(1);
  });

  it('says what the live version has learned, and whether users mostly take again what they have', async () => {
    const { pool, workers } = open(1);
    const known = () => [1, 2, 3].map((itemId) => pool.knownItems?.has(itemId));
    expect(pool.knownItems).toBeNull();
    Object.assign(workers[0], { learned: Int32Array.of(2, 1, -3), repeated: 0.6 });
    await pool.load(modelOf(1));
    expect([known(), pool.hasManyRepeats]).toEqual([[true, true, false], true]); // prettier-ignore
    Object.assign(workers[0], { learned: Int32Array.of(-1, 2, 3), repeated: 0.4 });
    await pool.load(modelOf(2));
    expect([known(), pool.hasManyRepeats]).toEqual([[false, true, true], false]); // prettier-ignore
    pool.lose(DEATH);
    expect([pool.knownItems, pool.modelVersionId, pool.take(), lost]).toEqual([null, null, null, [DEATH]]);
  });

  it('reads the files of a version before its codes are known, once', async () => {
    const { pool, workers } = open(2);
    await Promise.all([1, 2].map(() => pool.prepare({ modelVersionId: 1, checkpointDir: '' })));
    expect(pool.modelVersionId).toBeNull();
    await loadWhole(pool, modelOf(1));
    await pool.prepare({ modelVersionId: 1, checkpointDir: '' });
    expect(workers.map(({ asked }) => asked)).toEqual([['read', 'prepare', 'load'], ['load']]);
  });

  it('compiles the next version in one worker after another, and the others make lists meanwhile', async () => {
    const { pool, workers } = open(2);
    await loadWhole(pool, modelOf(1));
    const gates = workers.map((worker) => {
      const compiling = gate();
      worker.compiled = compiling.opened;
      return compiling;
    });
    const isAsked = (i: number) => workers[i].asked.at(-1) === 'prepare';
    const lists = pool.recommend(pool.take()!, [userOf(5)]);
    const preparing = pool.prepare({ modelVersionId: 2, checkpointDir: '' });
    await new Promise(setImmediate);
    expect([isAsked(0), isAsked(1), pool.idleCount]).toEqual([false, false, 1]); // its lists come first
    workers[0].answer();
    await lists;
    await new Promise(setImmediate);
    expect([isAsked(0), isAsked(1), pool.idleCount]).toEqual([true, false, 1]);
    expect(pool.take()?.client).toBe(workers[1]);
    gates[0].open();
    await new Promise(setImmediate);
    expect([isAsked(1), pool.take()?.client]).toEqual([true, workers[0]]);
    gates[1].open();
    await preparing;
    expect(pool.readyCount).toBe(2);
  });
});
