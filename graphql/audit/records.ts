/** Records about the audit log, as the ports give them. */
import type { CallerRole } from '../api-key/records';

export interface NewAuditRecord {
  readonly role: CallerRole;
  /** The name of the key, or the user of a storefront token. */
  readonly caller: string;
  /** Null for storefront tokens and for the command line. */
  readonly apiKeyId: number | null;
  readonly mutation: string;
  /** The input, shortened and without secrets. */
  readonly input: string;
}

export interface AuditRecord extends NewAuditRecord {
  /** `OK`, or the code of the first error. */
  readonly outcome: string;
  readonly id: number;
  readonly at: Date;
}
