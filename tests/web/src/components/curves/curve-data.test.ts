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

  it('reads curves of many different steps at even distances, each within its own ends', () => {
    const line = (id: string, first: number, last: number, stride: number) => ({
      id,
      label: id,
      points: Array.from({ length: (last - first) / stride + 1 }, (_, i) => first + i * stride).map((step) => ({
        step,
        value: step * 10,
      })),
    });
    const [steps, all, part] = alignCurves([line('all', 0, 9_990, 10), line('part', 5, 4_995, 10)]);
    expect(steps).toHaveLength(1_000);
    expect([steps[0], steps[999]]).toEqual([0, 9_990]);
    steps.forEach((step, i) => expect(all[i]).toBeCloseTo(step * 10, 6));
    expect(part[0]).toBeNull();
    expect(part[999]).toBeNull();
    expect(part[400]).toBeCloseTo(steps[400] * 10, 6);
  });

  it('reads what is enlarged at shorter distances, and the rest as before', () => {
    const points = Array.from({ length: 2_001 }, (_, step) => ({ step, value: step }));
    const [steps, values] = alignCurves([{ id: 'a', label: 'a', points }], { min: 100, max: 110 });
    expect(steps.filter((step) => step >= 100 && step <= 110)).toHaveLength(1_000);
    expect([steps[0], steps[steps.length - 1]]).toEqual([0, 2_000]);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    steps.forEach((step, i) => expect(values[i]).toBeCloseTo(step, 6));
  });
});
