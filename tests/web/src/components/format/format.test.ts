import { formatMeasure, formatShare } from '../../../../../web/src/components/format/format';

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

describe('formatShare', () => {
  it('tells the items of a list apart', () => {
    expect([1, 0.99999, 0.16, 0.203, 0.03, 0.0052, 0.0049, 0.00001].map(formatShare)).toEqual([
      '100%',
      '100%',
      '16%',
      '20.3%',
      '3%',
      '0.52%',
      '0.49%',
      '< 0.01%',
    ]);
  });
});
