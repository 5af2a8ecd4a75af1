import type { Claim } from '../../bench/claim';
import { quantile, rowOf, timeCalls } from '../../bench/harness';

const CLAIM: Claim = {
  name: 'speed',
  what: 'how fast',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 0.5 }],
  measure: async () => ({ value: 1 }),
  peer: { kind: 'beside' },
};

const sample = (ours: number, peer: number | null, notes = {}) => ({
  ours: { value: ours, notes },
  peer: peer === null ? null : { value: peer },
});

describe('rowOf', () => {
  it('takes the ratio pair by pair', () => {
    // Ratios 0.5, 0.25, 1: their median is not the ratio of the medians, 2 / 8.
    const row = rowOf(CLAIM, [sample(1, 2), sample(2, 8), sample(9, 9)], null);
    expect(row).toMatchObject({ ours: 2, peer: 8, ratio: 0.5, ratioSpread: [0.375, 0.75] });
  });

  it('takes the ratio of processor times where both sides have them', () => {
    const timed = { ours: { value: 1, cpu: 3 }, peer: { value: 1, cpu: 4 } };
    expect(rowOf(CLAIM, [timed], null).cpuRatio).toBe(0.75);
    expect(rowOf(CLAIM, [sample(1, 2)], null).cpuRatio).toBeNull();
  });

  it.each([
    ['a difference', { on: 'difference', atMost: 2 } as const, 'holds'],
    ['a difference that is too large', { on: 'difference', atMost: 1 } as const, 'fails'],
    ['ours', { on: 'ours', atLeast: 11 } as const, 'holds'],
    ['ours that is too small', { on: 'ours', atLeast: 12 } as const, 'fails'],
    ['a note', { on: { note: 'sizeMb' }, atMost: 3 } as const, 'holds'],
    ['a note that is missing', { on: { note: 'other' }, atMost: 3 } as const, 'unknown'],
  ])('judges %s', (_, limit, expected) => {
    const row = rowOf({ ...CLAIM, limits: [limit] }, [sample(11, 9, { sizeMb: 3 })], null);
    expect(row.verdict).toBe(expected);
  });

  it('gives no verdict when a quarter of the pairs is on the other side of a limit', () => {
    const ratios = (...values: number[]) => values.map((value) => sample(value, 1));
    expect(rowOf(CLAIM, ratios(0.4, 0.41, 0.42, 0.43, 0.9), null).verdict).toBe('holds'); // one of five is noise
    expect(rowOf(CLAIM, ratios(0.4, 0.41, 0.42, 0.8, 0.9), null).verdict).toBe('pairs disagree');
    expect(rowOf(CLAIM, ratios(0.4, 0.6, 0.7, 0.8, 0.9), null).verdict).toBe('fails');
  });
});

describe('figuresFrom', () => {});

describe('quantile', () => {
  it('interpolates between the two nearest', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.99)).toBeCloseTo(19.9);
    expect(quantile([7], 0.5)).toBe(7);
  });
});

describe('timeCalls', () => {
  it('makes the warm-up calls without counting them', async () => {
    const calls: number[] = [];
    const times = await timeCalls((call) => void calls.push(call), { warmUp: 2, calls: 3 });
    expect(calls).toEqual([0, 1, 2, 3, 4]);
    expect(times).toHaveLength(3);
  });
});
