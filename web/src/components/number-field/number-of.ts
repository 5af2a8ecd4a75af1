/** @param typed - What a number field holds, such as `7.` on the way to `7.5`. @returns Null for what is no number. */
export function numberOf(typed: string | number): number | null {
  const number = typeof typed === 'number' ? typed : typed.trim() === '' ? Number.NaN : Number(typed);
  return Number.isFinite(number) ? number : null;
}
