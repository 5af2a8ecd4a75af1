/** Days, by which lists are counted. */

export const DAY_MS = 24 * 60 * 60 * 1000;
/** How long the ID of a list is valid. */
export const DAYS_OF_AN_ID = 30;

/** In UTC. */
export function daysSince1970(time: Date): number {
  return Math.floor(time.getTime() / DAY_MS);
}
