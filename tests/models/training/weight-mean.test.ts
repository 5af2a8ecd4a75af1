import { WeightMean } from '../../../models/training/weight-mean';

const weights = (...values: number[]) => ({ w: { shape: [values.length], data: Float32Array.from(values) } });

describe('WeightMean', () => {
  it('is the mean of the weights that were added, each as much as any other', () => {
    const mean = new WeightMean();
    [weights(1, 10), weights(3, 20), weights(8, 60)].forEach((each, i) => mean.add(each, i + 1));
    expect([...mean.get('w')!.data]).toEqual([4, 30]);
    expect(mean.get('w')!.shape).toEqual([2]);
  });

  it('keeps its numbers when the weights that it was given change', () => {
    const mean = new WeightMean();
    const given = weights(1, 2);
    mean.add(given, 1);
    given.w.data.fill(9);
    expect([...mean.get('w')!.data]).toEqual([1, 2]);
  });

  it('has nothing before weights are added', () => {
    expect(new WeightMean().get('w')).toBeNull();
    expect(new WeightMean().toTensors()).toEqual({});
  });

  it('goes on from a saved state, which holds other tensors besides, as if it had never ended', () => {
    const [ended, whole] = [new WeightMean(), new WeightMean()];
    for (const mean of [ended, whole]) mean.add(weights(1 / 3, 2), 1);
    const resumed = WeightMean.fromTensors({ ...ended.toTensors(), ...weights(7, 7), 'moment/w': weights(5).w });
    for (const mean of [resumed, whole]) mean.add(weights(2, 1 / 7), 2);
    expect(resumed.toTensors()).toEqual(whole.toTensors());
    expect(Object.keys(resumed.toTensors())).toHaveLength(1);
  });
});
