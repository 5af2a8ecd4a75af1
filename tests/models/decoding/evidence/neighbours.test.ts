import { MAX_HISTORY } from '../../../../models/config';
import { Neighbours } from '../../../../models/decoding/evidence/neighbours';

/** 0 → 1 (weight 3) and 2 (1); 1 → 2 (1). */
const TABLE = { offsets: Int32Array.of(0, 2, 3, 3), items: Int32Array.of(1, 2, 2), weights: Float32Array.of(3, 1, 1) };

function probabilities(items: readonly number[], decay: number, live?: Float32Array) {
  return new Neighbours(TABLE, decay).probabilities({ items, kinds: [], counts: [], times: [], at: 0 }, live);
}

describe('Neighbours', () => {
  it('adds up the neighbours of the history, whose older items count less', () => {
    // 1: .5 · 3; 2: .5 · 1 + 1
    expect(Object.fromEntries(probabilities([0, 1], 0.5))).toEqual({ 1: 1.5 / 3, 2: 1.5 / 3 });
  });

  it('counts a whole history alike with a decay of 1', () => {
    expect(probabilities([0, 1], 1)).toEqual(new Map([[1, 3 / 5], [2, 2 / 5]])); // prettier-ignore
    expect(new Map([...probabilities([1, 0], 1)].sort())).toEqual(probabilities([0, 1], 1));
  });

  it('shares out the probability among live items alone', () => {
    expect(Object.fromEntries(probabilities([0, 1], 0.5, Float32Array.of(1, 0, 1)))).toEqual({ 2: 1 });
    expect(probabilities([0], 1, new Float32Array(3)).size).toBe(0);
  });

  it('says the same again: nothing is left of the history before', () => {
    const neighbours = new Neighbours(TABLE, 0.5);
    const of = (...items: number[]) => neighbours.probabilities({ items, kinds: [], counts: [], times: [], at: 0 });
    const first = of(0, 1);
    of(0);
    expect(of(0, 1)).toEqual(first);
  });

  it('reads no more of a history than serving does, and nothing that hardly counts', () => {
    const long = [0, ...Array<number>(MAX_HISTORY).fill(2)];
    expect(probabilities(long, 1).size).toBe(0);
    expect(probabilities(long.slice(0, -1), 1).size).toBe(2);
    expect(probabilities([0, ...Array<number>(9).fill(2)], 0.5).size).toBe(2); // 1/512
    expect(probabilities([0, ...Array<number>(10).fill(2)], 0.5).size).toBe(0); // 1/1024
  });

  it('passes over items outside the table, and says nothing without neighbours', () => {
    expect(probabilities([-1, 1, 7], 1)).toEqual(new Map([[2, 1]]));
    expect(probabilities([2], 1).size).toBe(0);
  });
});
