import { formatDuration } from '../../../../../web/src/components/format/format';

describe('formatDuration', () => {
  it('rounds to whole seconds before it names minutes', () => {
    expect([59.4, 59.6, 119.7, 3_599.9].map(formatDuration)).toEqual(['59 s', '1 min 0 s', '2 min 0 s', '1 h 0 min']);
  });
});
