import { alignCurves, joinPoints, smooth } from '../../../../../web/src/components/curves/curve-data';

describe('joinPoints', () => {
  it('fills the gap between stored and pushed points, and takes each step once', () => {
    const stored = [1, 2, 3, 4].map((step) => ({ step, value: step }));
    const live = [
      { step: 5, value: 5 },
      { step: 2, value: 20 },
    ];
    expect(joinPoints(stored, live).map(({ step, value }) => [step, value])).toEqual([
      [1, 1],
      [2, 20],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });
});

describe('smooth', () => {
  it('weighs older points less, and begins at the first value', () => {
    // Means of 4 and 1 under 0.5: 4; (0.25 · 4 + 0.5 · 1) / 0.75 = 2.
    const points = [4, 1].map((value, step) => ({ step, value }));
    expect(smooth(points, 0.5).map(({ value }) => value)).toEqual([4, 2]);
    expect(smooth(points, 0)).toEqual(points);
  });
});

describe('alignCurves', () => {
  it('lays curves of different steps side by side', () => {
    const curve = (id: string, steps: number[]) => ({
      id,
      label: id,
      points: steps.map((step) => ({ step, value: step * 10 })),
    });
    expect(alignCurves([curve('a', [1, 3]), curve('b', [2, 3])])).toEqual([
      [1, 2, 3],
      [10, null, 30],
      [null, 20, 30],
    ]);
  });
});
