import type { KeyRowFragment } from '../../graphql/graphql';

export type KeyState = 'valid' | 'ended' | 'revoked';

/** @returns Whether a key still opens anything. */
export function keyState(
  { expiresAt, revokedAt }: Pick<KeyRowFragment, 'expiresAt' | 'revokedAt'>,
  now: Date,
): KeyState {
  if (revokedAt != null) return 'revoked';
  return expiresAt != null && new Date(expiresAt) <= now ? 'ended' : 'valid';
}
