import {
  formatAxis,
  formatDuration,
  formatMeasure,
  formatProbability,
} from '../../../../../web/src/components/format/format';

describe('formatDuration', () => {
  it('rounds to whole seconds before it names minutes', () => {
    expect([59.4, 59.6, 119.7, 3_599.9].map(formatDuration)).toEqual(['59 s', '1 min 0 s', '2 min 0 s', '1 h 0 min']);
  });
});

describe('formatMeasure', () => {
  it('shows digits of small figures, too', () => {
    expect([0.00271, 0.000305, 0.8344, 6.9421, 0].map(formatMeasure)).toEqual([
      '0.00271',
      '0.000305',
      '0.834',
      '6.942',
      '0',
    ]);
  });
});

describe('formatProbability', () => {
  it('tells the items of a list apart, and has one digit more below 1 %', () => {
    expect([1, 0.99999, 0.16, 0.203, 0.03, 0.0052, 0.0049, 0.00001].map(formatProbability)).toEqual([
      '100%',
      '100%',
      '16.0%',
      '20.3%',
      '3.0%',
      '0.52%',
      '0.49%',
      '< 0.01%',
    ]);
  });
});

describe('formatAxis', () => {
  it('labels no two values alike', () => {
    expect(formatAxis([0.0015, 0.002, 0.0025, 0.003], 0.0005)).toEqual(['0.0015', '0.002', '0.0025', '0.003']);
    expect(formatAxis([0.00025, 0.0005], 0.00025)).toEqual(['0.00025', '0.0005']);
    expect(formatAxis([4, 5, 1_000], 1)).toEqual(['4', '5', '1,000']);
  });
});
