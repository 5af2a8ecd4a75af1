import { MAX_HISTORY } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { findPrefix } from '../../../models/decoding/trie-view';
import { HeldOutRanker, type SearchHelper, type SearchHelpers } from '../../../models/evaluation/held-out-ranker';
import type { Tiger } from '../../../models/serving/tiger-model';
import type { TigerRequest } from '../../../models/serving/tiger-request';
import { bothKinds, candidatesOf } from '../../support/candidates';
import { idsOf, logOf, walkingLog } from '../../support/little-log';

describe('HeldOutRanker', () => {
  const asked: TigerRequest[] = [];
  const tiger = {
    weights: bothKinds({ decoder: 1 }),
    candidates: (requests: readonly TigerRequest[]) => {
      asked.push(...requests);
      return Promise.resolve(requests.map(() => candidatesOf({})));
    },
  } as unknown as Tiger;
  const { signal } = new AbortController();

  it('makes a list from the newest items that serving reads, and keeps all others out of it too', async () => {
    const read = Array.from({ length: MAX_HISTORY + 49 }, (_, i) => [i === 0 ? 0 : 1 + (i % 6)]);
    const long = logOf([[...read, [7]]]);
    const input = { log: long, split: splitLog(long), semanticIds: idsOf(8), codebookSize: 8, seed: 1 };
    asked.length = 0;
    await new HeldOutRanker(tiger, input).rank({ part: 'test', signal }, () => null);
    expect(asked[0].history).toHaveLength(MAX_HISTORY);
    const { view } = asked[0];
    const items = [...idsOf(8)].map((codes) => findPrefix(view, codes));
    expect(items[0]).toBeNull(); // the oldest item of the history
    expect(items[7]).not.toBeNull();
  });

  describe('with helpers', () => {
    const passes: unknown[] = [];
    const disposed = jest.fn(() => Promise.resolve());
    /** Finds the chunk's first user as an item. */
    const helper = (candidates: SearchHelper['candidates']): SearchHelpers => ({
      helpers: [{ candidates }, { candidates }],
      dispose: disposed,
    });
    const finds = helper((pass, at) => {
      passes.push([pass, at]);
      const chunk = ranker.cases(pass).slice(at, at + 32);
      return Promise.resolve(chunk.map(() => candidatesOf({ decoder: { [at]: 1 } })));
    });
    const many = walkingLog(70, 5, 8);
    const ranker = new HeldOutRanker(tiger, { log: many, split: splitLog(many), semanticIds: idsOf(8), codebookSize: 8, seed: 1 }); // prettier-ignore
    beforeEach(() => {
      asked.length = passes.length = 0;
      disposed.mockClear();
    });

    it('leaves the search to them, in chunks of users, and says with which weights', async () => {
      ranker.accept(finds);
      const lists = await ranker.rank({ part: 'test', isSeenKept: true, signal }, (_, { found }) => found[0].itemId);
      expect(lists).toEqual(Array.from({ length: 70 }, (_, user) => 32 * Math.floor(user / 32)));
      const pass = { part: 'test', isSeenKept: true, weights: tiger.weights };
      expect(passes).toEqual([0, 32, 64].map((at) => [pass, at]));
      expect(asked).toEqual([]);
    });

    it('searches itself when a helper fails, and dismisses all', async () => {
      ranker.accept(helper(() => Promise.reject(new Error('out of memory'))));
      expect(await ranker.rank({ part: 'test', signal }, () => 1)).toHaveLength(70);
      expect(asked).toHaveLength(70);
      expect(disposed).toHaveBeenCalledTimes(1);
      await ranker.dismissHelpers();
      expect(disposed).toHaveBeenCalledTimes(1);
    });
  });
});
