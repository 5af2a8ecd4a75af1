import {
  beamSearch,
  type Continuations,
  type FoundItem,
  type Hypothesis,
  type Ranking,
} from '../../../models/decoding/beam-search';
import { gumbelRanking } from '../../../models/decoding/sampling';
import { Trie } from '../../../models/decoding/trie';
import type { TrieView } from '../../../models/decoding/trie-view';
import { HashScorer } from '../../support/hash-scorer';

const ID_LENGTH = 2;
const CODEBOOK_SIZE = 3;
let built: Trie | null = null;
/** Built in the first test that asks for it. */
const full = () =>
  (built ??= Trie.build({
    idLength: ID_LENGTH,
    codebookSize: CODEBOOK_SIZE,
    itemIds: Int32Array.of(0, 1, 2, 3, 4, 5),
    codes: Int32Array.of(0, 0, 0, 1, 0, 2, 1, 1, 2, 0, 2, 2),
  }));
const USER = 11;
const DRAWS = 4000;
const SEEDS = Array.from({ length: DRAWS }, (_, seed) => seed);

interface Sample {
  temperature?: number | number[];
  beamWidth?: number;
  scale?: number;
  view?: TrieView;
}

function sample({ seed = 0, ...options }: Sample & { seed?: number }) {
  return sampleAll([seed], options);
}

/** One list a seed, all for the same user. */
function sampleAll(
  seeds: readonly number[],
  { temperature = 1, beamWidth = 6, scale = 1, view = full() }: Sample,
): Promise<FoundItem[][]> {
  const temperatures = typeof temperature === 'number' ? [temperature, temperature] : temperature;
  const users = seeds.map((seed) => ({ view, full: full(), beamWidth, ranking: gumbelRanking(temperatures, seed) }));
  const scorer = new HashScorer(CODEBOOK_SIZE, new Array<number>(seeds.length).fill(USER), scale);
  return beamSearch({ scorer, users, idLength: ID_LENGTH, codebookSize: CODEBOOK_SIZE });
}

async function plain(scale: number, beamWidth: number) {
  const scorer = new HashScorer(CODEBOOK_SIZE, [USER], scale);
  const [list] = await beamSearch({
    scorer,
    users: [{ view: full(), full: full(), beamWidth }],
    idLength: ID_LENGTH,
    codebookSize: CODEBOOK_SIZE,
  });
  return list;
}

describe('gumbelRanking', () => {
  it('draws the first item as often as its probability says, alone or with others', async () => {
    const probabilities = new Map((await plain(1, 6)).map(({ itemId, score }) => [itemId, Math.exp(score)]));
    for (const beamWidth of [1, 3]) {
      const counts = new Map<number, number>();
      for (const [{ itemId }] of await sampleAll(SEEDS, { beamWidth })) {
        counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      }
      // Within four standard errors, on fixed seeds.
      for (const [itemId, p] of probabilities) {
        const error = Math.sqrt((p * (1 - p)) / DRAWS);
        expect(Math.abs((counts.get(itemId) ?? 0) / DRAWS - p)).toBeLessThan(4 * error + 1e-9);
      }
    }
  });

  it('draws the second item in proportion to what is left', async () => {
    const list = await plain(1, 6);
    const [a, b] = list;
    const expected = Math.exp(b.score) / (1 - Math.exp(a.score));
    let [both, first] = [0, 0];
    for (const [x, y] of await sampleAll(SEEDS, { beamWidth: 2 })) {
      if (x.itemId !== a.itemId) continue;
      first++;
      if (y.itemId === b.itemId) both++;
    }
    expect(Math.abs(both / first - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / first));
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
      const [list] = await sample({ temperature, seed, beamWidth: 4 });
      const expected = await plain(1 / temperature, 4);
      expect(list.map(({ itemId }) => itemId)).toEqual(expected.map(({ itemId }) => itemId));
    }
  });

  it('is a plain search where all levels have temperature 0', async () => {
    for (const beamWidth of [1, 3, 6]) {
      const [list] = await sample({ temperature: [0, 0], beamWidth, seed: 3 });
      expect(list).toEqual(await plain(1, beamWidth));
    }
  });
});

describe('gumbelRanking, level by level', () => {
  // Code 1 does not qualify.
  const NORM = Math.log(Math.exp(1) + Math.exp(-0.5) + Math.exp(2));
  const LOG_PROBABILITIES = Float64Array.of(1 - NORM, -0.5 - NORM, 2 - NORM);

  function rank(ranking: Ranking, level: number, parent: { priority: number; temperedScore: number }) {
    // Buffers have room for more continuations; what lies there is of another hypothesis.
    const stale = [1e3, 1e3];
    const logProbabilities = Float64Array.of(...LOG_PROBABILITIES, ...stale);
    const continuations: Continuations = {
      n: 3,
      codes: Int32Array.of(0, 2, 3),
      logProbabilities,
      priorities: Float64Array.of(0, 0, 0, ...stale),
      temperedScores: Float64Array.of(0, 0, 0, ...stale),
    };
    const codes = new Array<number>(level).fill(0);
    const hypothesis: Hypothesis = {
      node: full().root(),
      codes,
      logProbabilities: [],
      score: -9,
      row: 0,
      ...parent,
    };
    ranking.rank(hypothesis, continuations);
    const { temperedScores, priorities } = continuations;
    for (const buffer of [logProbabilities, temperedScores, priorities]) expect([...buffer.subarray(3)]).toEqual(stale);
    return { temperedScores: [...temperedScores.subarray(0, 3)], priorities: [...priorities.subarray(0, 3)] };
  }

  it('adds log-probabilities where the temperature is 0', () => {
    const { temperedScores, priorities } = rank(gumbelRanking([1, 0], 1), 1, { priority: -2, temperedScore: -3 });
    LOG_PROBABILITIES.forEach((log, i) => {
      expect(temperedScores[i]).toBeCloseTo(-3 + log, 12);
      expect(priorities[i]).toBeCloseTo(-2 + log, 12);
    });
  });

  it.each([0.3, 1, 4])(
    'shares the probability of the parent out as the softmax at temperature %d does',
    (temperature) => {
      const { temperedScores } = rank(gumbelRanking([temperature, temperature], 1), 1, {
        priority: -1,
        temperedScore: -3,
      });
      const weights = [1, -0.5, 2].map((logit) => Math.exp(logit / temperature));
      const total = weights.reduce((a, b) => a + b);
      // In units of the temperature: score = parent + T · log p.
      temperedScores.forEach((score, i) =>
        expect(Math.exp((score + 3) / temperature)).toBeCloseTo(weights[i] / total, 10),
      );
    },
  );

  it('draws freely at the first level that is drawn, and below so that the best child is what the parent was kept for', () => {
    for (const temperature of [0.3, 1, 4]) {
      for (let seed = 0; seed < 20; seed++) {
        const parent = { priority: -0.7, temperedScore: -3 };
        const free = rank(gumbelRanking([temperature], seed), 0, parent).priorities;
        const later = rank(gumbelRanking([0, temperature], seed), 1, parent).priorities;
        expect(later).toEqual(free);
        expect(Math.max(...free)).not.toBeCloseTo(parent.priority, 6);
        const below = rank(gumbelRanking([temperature, temperature], seed), 1, parent).priorities;
        expect(Math.max(...below)).toBeCloseTo(parent.priority, 10);
        // Algorithm 1 of the paper: −log(exp(−parent) − exp(−largest) + exp(−drawn)), in units of the temperature.
        const part = (value: number) => Math.exp(-value / temperature);
        const largest = Math.max(...free);
        below.forEach((priority, i) => {
          const expected = -temperature * Math.log(part(parent.priority) - part(largest) + part(free[i]));
          expect(priority).toBeCloseTo(expected, 6);
        });
      }
    }
  });
});
