/** Records about the audit log, as the ports give and take them. */
import type { AuditEntry } from './types';

export interface NewAuditRecord extends Pick<AuditEntry, 'role' | 'caller' | 'mutation' | 'input'> {
  /** Null for storefront tokens and for the command line. */
  readonly apiKeyId: number | null;
}

export interface AuditRecord extends NewAuditRecord {
  /** `OK`, or the code of the first error. */
  readonly outcome: string;
  readonly id: number;
  readonly at: Date;
}
