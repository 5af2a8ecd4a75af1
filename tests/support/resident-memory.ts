/** How much memory a server takes. */
import { readFileSync } from 'node:fs';

/** @returns MB that are in memory at present, those of its threads included. Linux alone. */
export function residentMb({ pid }: { readonly pid: number }): number {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return Math.round(kilobytes / 1024);
}
