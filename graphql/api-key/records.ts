/** Records about callers and API keys, as the ports give them. */
import type { ApiKey, CallerRole } from './types';

export type { CallerRole, Role } from './types';

/** Who makes an operation. */
export interface Caller {
  readonly role: CallerRole;
  /** Null for callers without an API key. */
  readonly key: { readonly id: number; readonly name: string } | null;
  /** The external ID of the only user that a storefront token sees; null for all other callers. */
  readonly userExternalId: string | null;
  /** When the key or the token ends; null: never. */
  readonly expiresAt: Date | null;
}

export interface ApiKeyRecord extends ApiKey {
  readonly id: number;
}
