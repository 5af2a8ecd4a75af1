import fc from 'fast-check';

import { beamSearch, BY_SCORE, type StepScorer } from '../../../models/decoding/beam-search';
import { BeamWatch } from '../../../models/decoding/beam-watch';
import { Trie } from '../../../models/decoding/trie';
import { createRandom } from '../../../models/math/random';
import { HashScorer } from '../../support/hash-scorer';

/** Ids are the items' places in the list. */
async function search(full: Trie, scorer: StepScorer, codes: readonly number[], beamWidth: number) {
  const watch = new BeamWatch(BY_SCORE, codes, beamWidth);
  const users = [{ view: full, full, beamWidth, ranking: watch }];
  const { idLength, codebookSize } = full;
  const [found] = await beamSearch({ scorer, users, idLength, codebookSize });
  return { found, dropped: watch.dropped() };
}

describe('BeamWatch', () => {
  it('gives what was worked out by hand', async () => {
    // p(0) = 3/4, p(1) = 1/4; under 0: p(0) = 2/3, p(1) = 1/3. A beam of 1 keeps 0, then 0 0.
    const scorer: StepScorer = {
      step: (level, { parents }) =>
        Promise.resolve(
          Float32Array.from({ length: parents.length * 2 }, (_, i) =>
            i % 2 === 0 ? Math.log(level === 0 ? 3 : 2) : 0,
          ),
        ),
    };
    const trie = Trie.ofItems(
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      2,
    );
    const [first, second, third] = await Promise.all(
      [[0, 0], [0, 1], [1, 0]].map(async (codes) => (await search(trie, scorer, codes, 1)).dropped),
    ); // prettier-ignore
    expect(first).toBeNull();
    expect(second).toMatchObject({ level: 1, codes: [0, 1] });
    expect(second!.logProbability).toBeCloseTo(Math.log(1 / 4), 6);
    expect(second!.lastKept).toBeCloseTo(Math.log(1 / 2), 6);
    expect(third).toMatchObject({ level: 0, codes: [1] });
    expect([third!.logProbability, third!.lastKept].map(Math.exp)).toEqual([
      expect.closeTo(1 / 4, 6),
      expect.closeTo(3 / 4, 6),
    ]);
  });

  it('drops an item exactly when the search does not find it, at the first level that has no kept prefix of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 1, max: 8 }),
        async (seed, n, width) => {
          const all = Int32Array.from({ length: 125 }, (_, i) => i);
          createRandom(seed).shuffle(all);
          const ids = Array.from(all.subarray(0, n), (i) => [Math.floor(i / 25), Math.floor(i / 5) % 5, i % 5]);
          const { found, dropped } = await search(Trie.ofItems(ids, 5), new HashScorer(5, [seed]), ids[0], width);
          expect(dropped === null).toBe(found.some(({ itemId }) => itemId === 0));
          if (dropped === null) return;
          expect(dropped.logProbability).toBeLessThanOrEqual(dropped.lastKept);
          // A found item keeps the prefixes that it begins with: none of them is the dropped one.
          const begins = (codes: readonly number[]) => dropped.codes.every((code, i) => codes[i] === code);
          expect(found.filter(({ codes }) => begins(codes))).toEqual([]);
        },
      ),
    );
  });
});
