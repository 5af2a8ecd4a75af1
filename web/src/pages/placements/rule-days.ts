/** Days between which a rule is in force, where the reader lives: the server has moments. */

const FRIDAY = 5;

/** @param day - Such as `2030-12-31`. */
export function startOfDay(day: string): string {
  return new Date(`${day}T00:00`).toISOString();
}

/** @returns The first moment after the day. */
export function endOfDay(day: string): string {
  const end = new Date(`${day}T00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

export const startDayOf = (moment: string): string => dayOf(new Date(moment));

/** @returns The last day that has some of the time before the moment. */
export const lastDayOf = (until: string): string => dayOf(new Date(Date.parse(until) - 1));

/** @returns The first moment after this week's Friday, or after the next one's once that is over. */
export function nextFriday(now = new Date()): string {
  const friday = new Date(now);
  friday.setDate(now.getDate() + ((FRIDAY - now.getDay() + 7) % 7));
  return endOfDay(dayOf(friday));
}

function dayOf(date: Date): string {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
