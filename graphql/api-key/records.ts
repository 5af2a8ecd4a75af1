/** Records about callers and API keys, as the ports give them. */

/** The rights of an API key. */
export type Role = 'READER' | 'WRITER' | 'ADMIN';

/** The rights of a caller: nobody needs a key to be `ANONYMOUS`; a `STOREFRONT` token speaks for one user of the shop. */
export type CallerRole = 'ANONYMOUS' | 'STOREFRONT' | Role;

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

export interface ApiKeyRecord {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}
