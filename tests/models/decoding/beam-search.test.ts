import fc from 'fast-check';

import { type FoundItem, type StepScorer, beamSearch } from '../../../models/decoding/beam-search';
import { AllowMask } from '../../../models/decoding/restricted-trie';
import { Trie } from '../../../models/decoding/trie';
import { childrenOf, findPrefix } from '../../../models/decoding/trie-view';
import { createRandom } from '../../../models/math/random';
import { HashScorer } from '../../support/hash-scorer';
import { idsOf } from '../../support/trie-nodes';

const ID_LENGTH = 3;
const CODEBOOK_SIZE = 5;

function randomTrie(numItems: number, seed: number): Trie {
  const all = Int32Array.from({ length: CODEBOOK_SIZE ** ID_LENGTH }, (_, i) => i);
  createRandom(seed).shuffle(all);
  const codes = Array.from(all.subarray(0, numItems), (i) => [Math.floor(i / 25), Math.floor(i / 5) % 5, i % 5]);
  return Trie.ofItems(codes, CODEBOOK_SIZE);
}

/** Scores every item by itself, code by code, and sorts. */
function enumerate(trie: Trie, scorer: HashScorer, user: number): FoundItem[] {
  const found = Array.from(idsOf(trie), ({ itemId, codes }) => {
    const logProbabilities = codes.map((code, level) => {
      const prefix = codes.slice(0, level);
      const logits = scorer.logits(user, prefix);
      const norm = childrenOf(trie, findPrefix(trie, prefix)!).reduce(
        (sum, child) => sum + Math.exp(logits[child.code]),
        0,
      );
      return logits[code] - Math.log(norm);
    });
    const score = logProbabilities.reduce((a, b) => a + b, 0);
    return { itemId, codes, logProbabilities, score, priority: score };
  });
  return found.sort((a, b) => b.score - a.score);
}

function expectSame(found: readonly FoundItem[], expected: readonly FoundItem[]): void {
  expect(found.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
  found.forEach((item, i) => {
    expect(item.score).toBeCloseTo(expected[i].score, 5);
    expect(item.codes).toEqual(expected[i].codes);
    item.logProbabilities.forEach((value, level) => expect(value).toBeCloseTo(expected[i].logProbabilities[level], 5));
  });
}

describe('beamSearch', () => {
  it('finds what was worked out by hand', async () => {
    // Two codes: p(0) = 3/4, p(1) = 1/4. Under 0: codes 0 and 1 with 1/2 each. Under 1: only code 1, so with 1.
    // Items: [0,0] 3/8, [0,1] 3/8, [1,1] 1/4. A beam of 1 keeps prefix 0; the tie goes to the lower code.
    const scorer: StepScorer = {
      step: (level, { parents }) =>
        Promise.resolve(
          level === 0 ? Float32Array.of(Math.log(3), 0) : Float32Array.from({ length: parents.length * 2 }, () => 7),
        ),
    };
    const full = Trie.build({
      idLength: 2,
      codebookSize: 2,
      itemIds: Int32Array.of(7, 8, 9),
      codes: Int32Array.of(0, 1, 0, 0, 1, 1),
    });
    const search = (beamWidth: number) =>
      beamSearch({ scorer, users: [{ view: full, full, beamWidth }], idLength: 2, codebookSize: 2 });
    const [[only]] = await search(1);
    expect(only.itemId).toBe(8);
    expect(only.logProbabilities[0]).toBeCloseTo(Math.log(3 / 4), 6);
    expect(only.logProbabilities[1]).toBeCloseTo(Math.log(1 / 2), 6);
    const [all] = await search(10);
    expect(all.map(({ itemId }) => itemId)).toEqual([8, 7, 9]);
    expect(Math.exp(all[2].score)).toBeCloseTo(1 / 4, 6);
  });

  it('equals enumeration when the beam covers the catalogue, for several users at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 1000 }), async (numItems, seed) => {
        const full = randomTrie(numItems, seed);
        const users = [seed, seed + 1, seed + 2];
        const scorer = new HashScorer(CODEBOOK_SIZE, users);
        const lists = await beamSearch({
          scorer,
          users: users.map((_, u) => ({ view: full, full, beamWidth: numItems + u })),
          idLength: ID_LENGTH,
          codebookSize: CODEBOOK_SIZE,
        });
        users.forEach((user, u) => expectSame(lists[u], enumerate(full, scorer, user)));
      }),
      { numRuns: 30 },
    );
  });

  it('hides what a filter excludes without moving the other scores, and fills the list', async () => {
    const ids = fc.uniqueArray(fc.nat({ max: 39 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 12 }), fc.nat({ max: 99 }), async (allowed, beamWidth, seed) => {
        const full = randomTrie(40, seed);
        const scorer = new HashScorer(CODEBOOK_SIZE, [seed, seed]);
        const view = full.restrict({ allow: new AllowMask(Int32Array.from(allowed)) });
        const users = [
          { view, full, beamWidth },
          { view, full, beamWidth: 40 },
        ];
        const [narrow, wide] = await beamSearch({ scorer, users, idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE });
        expect(narrow).toHaveLength(Math.min(beamWidth, allowed.length));
        expect(new Set(narrow.map(({ itemId }) => itemId)).size).toBe(narrow.length);
        expect(narrow.every(({ itemId }) => allowed.includes(itemId))).toBe(true);
        expectSame(
          wide,
          enumerate(full, scorer, seed).filter(({ itemId }) => allowed.includes(itemId)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('gives each user as many rows as the longest beam has, and a user with fewer beams copies', async () => {
    const full = randomTrie(40, 3);
    const scorer = new HashScorer(CODEBOOK_SIZE, [1, 2]);
    const one = full.restrict({ allow: new AllowMask(Int32Array.of(5)) });
    const users = [
      { view: one, full, beamWidth: 2 },
      { view: full, full, beamWidth: 8 },
    ];
    const lists = await beamSearch({ scorer, users, idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE });
    expect(lists.map((list) => list.length)).toEqual([1, 8]);
    // Five codes may come first. Of the eight prefixes after them five are of more than one item.
    expect(scorer.steps.map(({ parents }) => parents.length)).toEqual([2, 10, 10]);
    expect(scorer.steps.map(({ codes }) => codes.length)).toEqual([0, 10, 10]);
    const [first, ...copies] = scorer.steps[1].codes.subarray(0, 5);
    expect(copies.every((token) => token === first)).toBe(true);
  });

  it('does not ask the model once a prefix belongs to one item alone', async () => {
    const lone = Trie.ofItems(
      [
        [0, 0, 4],
        [0, 1, 0],
        [1, 1, 2],
      ],
      CODEBOOK_SIZE,
    );
    const shared = lone.with([{ itemId: 3, before: null, after: [0, 1, 3] }]);
    const search = async (full: Trie) => {
      const scorer = new HashScorer(CODEBOOK_SIZE, [1]);
      const [found] = await beamSearch({
        scorer,
        users: [{ view: full, full, beamWidth: 8 }],
        idLength: ID_LENGTH,
        codebookSize: CODEBOOK_SIZE,
      });
      expectSame(found, enumerate(full, scorer, 1));
      return scorer.steps;
    };
    expect((await search(lone)).map(({ parents }) => parents.length)).toEqual([1, 1]);
    const [, , last] = await search(shared);
    expect([...last.codes]).toEqual([1]);
    expect([...last.parents]).toEqual([0]);
  });

  it('answers an empty list where nothing qualifies, and asks the model nothing when that is everyone', async () => {
    const full = randomTrie(10, 4);
    const none = full.restrict({ allow: new AllowMask(Int32Array.of(99)) });
    const scorer = new HashScorer(CODEBOOK_SIZE, [1, 2]);
    const users = [
      { view: none, full, beamWidth: 4 },
      { view: full, full, beamWidth: 4 },
    ];
    const lists = await beamSearch({ scorer, users, idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE });
    expect(lists.map((list) => list.length)).toEqual([0, 4]);
    const silent: StepScorer = { step: () => Promise.reject(new Error('asked')) };
    expect(
      await beamSearch({ scorer: silent, users: [users[0]], idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE }),
    ).toEqual([[]]);
    expect(await beamSearch({ scorer: silent, users: [], idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE })).toEqual(
      [],
    );
  });

  it('orders equal scores by their codes', async () => {
    const full = randomTrie(20, 5);
    const flat: StepScorer = {
      step: (_, { parents }) => Promise.resolve(new Float32Array(parents.length * CODEBOOK_SIZE)),
    };
    const [list] = await beamSearch({
      scorer: flat,
      users: [{ view: full, full, beamWidth: 20 }],
      idLength: ID_LENGTH,
      codebookSize: CODEBOOK_SIZE,
    });
    const keys = list.map(({ score, codes }) => [-score, ...codes]);
    const sorted = keys.toSorted((a, b) => a.map((x, i) => x - b[i]).find((x) => Math.abs(x) > 1e-12) ?? 0);
    expect(keys).toEqual(sorted);
  });
});
