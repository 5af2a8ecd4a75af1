import { plural } from '../../../../../web/src/components/format/plural';

describe('plural', () => {
  it.each([
    [0, '0 items'],
    [1, '1 item'],
    [2_000, '2,000 items'],
  ])('says %d as %s', (count, words) => {
    expect(plural(count, 'item')).toBe(words);
  });

  it('takes another form', () => {
    expect(plural(2, 'entry', 'entries')).toBe('2 entries');
  });
});
