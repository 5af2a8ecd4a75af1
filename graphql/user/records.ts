/** Records about users, as the ports give them. */
import type { UserErrorRecord } from '../common/records';

export interface UserRecord {
  readonly id: number;
  readonly externalId: string;
}

export interface ErasedUsersRecord {
  readonly erasedExternalIds: readonly string[];
  /** IDs that no user has. */
  readonly unknownExternalIds: readonly string[];
  readonly erasedInteractions: number;
  readonly userErrors: readonly UserErrorRecord[];
}
