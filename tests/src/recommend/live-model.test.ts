import { LiveModel } from '../../../src/recommend/live-model';
import type { LiveList, RecommendOne, RecommendProtocol, RecommendReply } from '../../../src/workers/messages';
import type { WorkerClient } from '../../../src/workers/spawn-worker';

const TABLE = { idLength: 3, itemIds: new Int32Array(), codes: new Int32Array() };
const MODEL = {
  modelVersionId: 4,
  tokenizerId: 1,
  checkpointDir: '',
  table: TABLE,
  live: new Uint8Array(),
  catalogueVersion: 9,
};

function user(first: number): RecommendOne {
  return {
    userKey: null,
    history: [1],
    first,
    beamWidth: 20,
    temperature: 0,
    seed: 0,
    allow: null,
    deny: new Int32Array(),
  };
}

const DEATH = Object.assign(new Error('exit code 1'), { name: 'WorkerDiedError' });

/** A worker that answers when it is told to. */
class FakeWorker {
  readonly batches: (readonly RecommendOne[])[] = [];
  private readonly waiting: { resolve: (reply: RecommendReply) => void; reject: (error: Error) => void }[] = [];
  private readonly asked: (() => void)[] = [];
  isDead = false;

  call(message: { type: string; users?: readonly RecommendOne[] }): Promise<unknown> {
    if (this.isDead) return Promise.reject(DEATH);
    if (message.type !== 'recommend') return Promise.resolve(null);
    this.batches.push(message.users ?? []);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve: resolve as (reply: RecommendReply) => void, reject });
      this.asked.shift()?.();
    });
  }

  /** Resolves at the next batch. */
  nextBatch(): Promise<void> {
    return new Promise((resolve) => this.asked.push(resolve));
  }

  answer(): void {
    const batch = this.batches[this.batches.length - 1];
    const lists = batch.map(({ first }) => {
      const scores = { score: 0, decoderScore: 0, itemHeadScore: null };
      const recommendation = {
        itemId: first,
        source: 'GENERATED',
        ...scores,
        codes: [],
        logProbabilities: [],
      } as const;
      return { modelVersionId: 4, catalogueVersion: 9, recommendations: [recommendation] };
    });
    this.waiting.shift()?.resolve({ lists });
  }

  die(): void {
    this.waiting.shift()?.reject(DEATH);
  }
}

/** Of the first recommendation of each list. */
const itemIdsOf = (lists: readonly LiveList[]) => lists.map(({ recommendations }) => recommendations[0].itemId);

function open(onLost: (cause: unknown) => void = () => undefined) {
  const worker = new FakeWorker();
  return { worker, live: new LiveModel(worker as unknown as WorkerClient<RecommendProtocol>, onLost) };
}

describe('LiveModel', () => {
  it('gathers users that ask in one turn into one batch, each with its own list', async () => {
    const { worker, live } = open();
    const begun = worker.nextBatch();
    const lists = [1, 2, 3].map((first) => live.recommend([user(first)]));
    await begun;
    worker.answer();
    expect((await Promise.all(lists)).map(itemIdsOf)).toEqual([[1], [2], [3]]);
    expect(worker.batches.map((batch) => batch.length)).toEqual([3]);
  });

  it('gathers what arrives while a batch runs, 32 at a time', async () => {
    const { worker, live } = open();
    let begun = worker.nextBatch();
    const first = live.recommend([user(0)]);
    await begun;
    const rest = Array.from({ length: 40 }, (_, i) => live.recommend([user(i)]));
    for (const expected of [32, 8]) {
      begun = worker.nextBatch();
      worker.answer();
      await begun;
      expect(worker.batches[worker.batches.length - 1]).toHaveLength(expected);
    }
    worker.answer();
    expect(await Promise.all([first, ...rest])).toHaveLength(41);
  });

  it('keeps the lists of one call in one batch', async () => {
    const { worker, live } = open();
    let begun = worker.nextBatch();
    const calls = Array.from({ length: 11 }, () => live.recommend([user(1), user(2), user(3)]));
    await begun;
    begun = worker.nextBatch();
    worker.answer();
    await begun;
    worker.answer();
    for (const lists of await Promise.all(calls)) expect(itemIdsOf(lists)).toEqual([1, 2, 3]);
    expect(worker.batches.map((batch) => batch.length)).toEqual([30, 3]);
  });

  it('refuses at once when too many wait', async () => {
    const { live } = open();
    for (let i = 0; i < 512; i++) void live.recommend([user(i)]);
    expect(() => live.recommend([user(0)])).toThrow(/at most 512 users waiting/);
  });

  it('does not make a list for which nobody waits any more', async () => {
    const { worker, live } = open();
    const begun = worker.nextBatch();
    const [stays, goes] = [new AbortController(), new AbortController()];
    const running = live.recommend([user(1)], stays.signal);
    await begun;
    const waiting = [live.recommend([user(2)], goes.signal), live.recommend([user(3)], stays.signal)];
    goes.abort(new Error('gone'));
    await expect(waiting[0]).rejects.toThrow('gone');
    // What runs already runs to its end.
    stays.abort(new Error('gone too'));
    await expect(waiting[1]).rejects.toThrow('gone too');
    worker.answer();
    expect(itemIdsOf(await running)).toEqual([1]);
    expect(worker.batches).toHaveLength(1);
    expect(() => live.recommend([user(4)], goes.signal)).toThrow('gone');
  });

  it('has no model when its worker has died, and says so once', async () => {
    const lost: unknown[] = [];
    const { worker, live } = open((cause) => lost.push(cause));
    await live.load(MODEL);
    expect(live.modelVersionId).toBe(4);
    const begun = worker.nextBatch();
    const lists = [live.recommend([user(1)]), live.recommend([user(2)])];
    await begun;
    worker.die();
    for (const list of await Promise.allSettled(lists)) expect(list.status).toBe('rejected');
    expect(live.modelVersionId).toBeNull();
    expect(lost).toHaveLength(1);
  });

  it('knows no texts when its worker has died, and says so once', async () => {
    const lost: unknown[] = [];
    const { worker, live } = open((cause) => lost.push(cause));
    expect(await live.textDirections([])).toBeNull();
    await live.load(MODEL);
    worker.isDead = true;
    expect(await live.textDirections([])).toBeNull();
    expect(live.modelVersionId).toBeNull();
    expect(lost).toEqual([DEATH]);
  });
});
