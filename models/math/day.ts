/** Days of 24 hours, in UTC. */
export const DAY_MS = 86_400_000;

/** @param timeMs - Milliseconds since 1970. */
export function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** @param timeMs - Milliseconds since 1970. */
export function daysSince1970(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}
