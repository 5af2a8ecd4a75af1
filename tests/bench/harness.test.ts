import { quantile, rowOf, timeCalls } from '../../bench/harness';
import { CLAIM, sample } from '../support/claims';

describe('rowOf', () => {
  it('takes the ratio pair by pair', () => {
    // Ratios 0.5, 0.25, 1: their median is not the ratio of the medians, 2 / 8.
    const row = rowOf(CLAIM, [sample(1, 2), sample(2, 8), sample(9, 9)], null);
    expect(row).toMatchObject({ ours: 2, peer: 8, ratio: 0.5, ratioMin: 0.25, holds: true });
  });

  it('does not know whether a ratio holds without a peer', () => {
    expect(rowOf(CLAIM, [sample(1, null)], 'no PyTorch')).toMatchObject({ peer: null, ratio: null, holds: null });
  });

  it.each([
    ['a difference', { on: 'difference', atMost: 2 } as const, true],
    ['a difference that is too large', { on: 'difference', atMost: 1 } as const, false],
    ['ours', { on: 'ours', atLeast: 11 } as const, true],
    ['ours that is too small', { on: 'ours', atLeast: 12 } as const, false],
    ['a note', { on: { note: 'sizeMb' }, atMost: 3 } as const, true],
    ['a note that is missing', { on: { note: 'other' }, atMost: 3 } as const, null],
  ])('judges %s', (_, limit, expected) => {
    const row = rowOf({ ...CLAIM, limits: [limit] }, [sample(11, 9, { sizeMb: 3 })], null);
    expect(row.holds).toBe(expected);
  });

  it('fails as a whole when one of its limits does', () => {
    const limits = [{ on: { note: 'other' }, atMost: 1 } as const, { on: 'ours', atMost: 1 } as const];
    expect(rowOf({ ...CLAIM, limits }, [sample(2, 1)], null).holds).toBe(false);
  });
});

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
