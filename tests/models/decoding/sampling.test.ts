import { beamSearch } from '../../../models/decoding/beam-search';
import { gumbelRanking } from '../../../models/decoding/sampling';
import { AllowMask } from '../../../models/decoding/restricted-trie';
import { Trie } from '../../../models/decoding/trie';
import { HashScorer } from '../../support/hash-scorer';

const DEPTH = 2;
const WIDTH = 3;
const full = Trie.build({
  depth: DEPTH,
  width: WIDTH,
  itemIds: Int32Array.of(0, 1, 2, 3, 4, 5),
  codes: Int32Array.of(0, 0, 0, 1, 0, 2, 1, 1, 2, 0, 2, 2),
});
const USER = 11;

function sample({ temperature = 1, seed = 0, beamSize = 6, scale = 1, view = full as ReturnType<Trie['restrict']> }) {
  const ranking = gumbelRanking(temperature, seed);
  const scorer = new HashScorer(WIDTH, [USER], scale);
  return beamSearch({ scorer, users: [{ view, full, beamSize, ranking }], depth: DEPTH, width: WIDTH });
}

async function plain(scale: number, beamSize: number) {
  const scorer = new HashScorer(WIDTH, [USER], scale);
  const [list] = await beamSearch({ scorer, users: [{ view: full, full, beamSize }], depth: DEPTH, width: WIDTH });
  return list;
}

describe('gumbelRanking', () => {
  it('draws the first item as often as its probability says, alone or with others', async () => {
    const probabilities = new Map((await plain(1, 6)).map(({ itemId, score }) => [itemId, Math.exp(score)]));
    for (const beamSize of [1, 3]) {
      const counts = new Map<number, number>();
      const draws = 4000;
      for (let seed = 0; seed < draws; seed++) {
        const [[{ itemId }]] = await sample({ seed, beamSize });
        counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      }
      // Within four standard errors, on fixed seeds.
      for (const [itemId, p] of probabilities) {
        const error = Math.sqrt((p * (1 - p)) / draws);
        expect(Math.abs((counts.get(itemId) ?? 0) / draws - p)).toBeLessThan(4 * error + 1e-9);
      }
    }
  });

  it('draws the second item in proportion to what is left', async () => {
    const list = await plain(1, 6);
    const [a, b] = list;
    const expected = Math.exp(b.score) / (1 - Math.exp(a.score));
    let [both, first] = [0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const [[x, y]] = await sample({ seed, beamSize: 2 });
      if (x.itemId !== a.itemId) continue;
      first++;
      if (y.itemId === b.itemId) both++;
    }
    expect(Math.abs(both / first - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / first));
  });

  it('repeats under one seed and differs under another', async () => {
    const ids = async (seed: number) => (await sample({ seed }))[0].map(({ itemId }) => itemId);
    expect(await ids(5)).toEqual(await ids(5));
    const lists = await Promise.all([1, 2, 3, 4, 5, 6].map(ids));
    expect(new Set(lists.map(String)).size).toBeGreaterThan(1);
  });

  it('keeps untempered scores', async () => {
    const scores = new Map((await plain(1, 6)).map(({ itemId, score }) => [itemId, score]));
    const [list] = await sample({ temperature: 2, seed: 9 });
    expect(list).toHaveLength(6);
    for (const { itemId, score, logProbabilities } of list) {
      expect(score).toBeCloseTo(scores.get(itemId)!, 10);
      expect(logProbabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(score, 10);
    }
  });

  it('becomes a beam search over the divided logits as the temperature falls', async () => {
    const temperature = 1e-3;
    for (let seed = 0; seed < 5; seed++) {
      const [list] = await sample({ temperature, seed, beamSize: 4 });
      const expected = await plain(1 / temperature, 4);
      expect(list.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
    }
  });

  it('spreads as the temperature rises', async () => {
    const distinctFirst = async (temperature: number) => {
      const firsts = new Set<number>();
      for (let seed = 0; seed < 40; seed++) firsts.add((await sample({ temperature, seed, scale: 2 }))[0][0].itemId);
      return firsts.size;
    };
    expect(await distinctFirst(0.05)).toBeLessThan(await distinctFirst(5));
  });

  it('fills the list from the items that qualify', async () => {
    const view = full.restrict({ allow: new AllowMask(Int32Array.of(0, 3, 5)) });
    for (let seed = 0; seed < 10; seed++) {
      const [list] = await sample({ seed, temperature: 3, view });
      expect(list.map(({ itemId }) => itemId).sort()).toEqual([0, 3, 5]);
    }
  });

  it('refuses a temperature that is not above 0', () => {
    expect(() => gumbelRanking(0, 1)).toThrow('temperature: expected a number above 0, got 0');
    expect(() => gumbelRanking(NaN, 1)).toThrow('got NaN');
  });
});
