import type { KeyRowFragment, Role } from '../../graphql/graphql';

export interface NewKey {
  readonly name: string;
  readonly secret: string;
}

export const ROLES: Readonly<Record<Role, { label: string; text: string }>> = {
  READER: { label: 'Reader', text: 'may read' },
  WRITER: { label: 'Writer', text: 'may read, and record interactions and feedback' },
  ADMIN: { label: 'Admin', text: 'may do everything' },
};

export type KeyState = 'valid' | 'ended' | 'revoked';

/** @returns Whether a key still opens anything. */
export function keyState(
  { expiresAt, revokedAt }: Pick<KeyRowFragment, 'expiresAt' | 'revokedAt'>,
  now: Date,
): KeyState {
  if (revokedAt != null) return 'revoked';
  return expiresAt != null && new Date(expiresAt) <= now ? 'ended' : 'valid';
}
