/** Records about users, as the ports give them. */
import type { UserErrorRecord } from '../common/records';

export interface UserRecord {
  readonly id: number;
  readonly externalId: string;
}

export interface IdentifiedVisitor {
  /** Null where there are errors. */
  readonly user: UserRecord | null;
  /** Interactions that the user has got. */
  readonly joinedInteractions: number;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface ErasedUsersRecord {
  /** With those of the users' visitors. */
  readonly erasedExternalIds: readonly string[];
  /** IDs that no user has. */
  readonly unknownExternalIds: readonly string[];
  readonly erasedInteractions: number;
  readonly userErrors: readonly UserErrorRecord[];
}
