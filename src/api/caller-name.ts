/** By what a caller is told from others, where each may have a share of something. */
import type { Caller } from '../../graphql/api-key/records';

/**
 * The text of the key or token would not do: the same one can be written in many ways.
 *
 * @param caller - Null when nobody knows who calls; the address then counts, as it does for callers without a key.
 */
export function callerName(caller: Caller | null, address: string): string {
  if (caller?.key) return `key ${caller.key.id}`;
  return caller?.userExternalId ? `user ${caller.userExternalId}` : address;
}
