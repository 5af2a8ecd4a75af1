import {
  endOfDay,
  lastDayOf,
  nextFriday,
  startDayOf,
  startOfDay,
} from '../../../../../web/src/pages/placements/rule-days';

describe('days of a rule', () => {
  it('begin and end where the reader lives', () => {
    expect(startDayOf(startOfDay('2030-03-31'))).toBe('2030-03-31');
    expect(lastDayOf(endOfDay('2030-03-31'))).toBe('2030-03-31');
    expect(Date.parse(endOfDay('2030-12-31')) - Date.parse(startOfDay('2030-12-31'))).toBe(86_400_000);
  });

  it('end with the Friday of the week, and with the next one on a Saturday', () => {
    expect(lastDayOf(nextFriday(new Date(2026, 11, 1, 12)))).toBe('2026-12-04'); // a Tuesday
    expect(lastDayOf(nextFriday(new Date(2026, 11, 4, 23)))).toBe('2026-12-04');
    expect(lastDayOf(nextFriday(new Date(2026, 11, 5, 1)))).toBe('2026-12-11');
  });
});
