/** Records about interactions, as the ports give them. */
import type { UserErrorRecord } from '../common/records';

export type InteractionKind = 'PURCHASE' | 'VIEW' | 'CART' | 'LIKE' | 'RATING';

export interface InteractionRecord {
  readonly id: number;
  readonly userId: number;
  readonly itemId: number;
  readonly kind: InteractionKind;
  /** Null: the kind has none, or the caller did not tell it. */
  readonly rating: number | null;
  readonly occurredAt: Date;
}

/** The rule of a kind of interaction. */
export interface KindRuleRecord {
  readonly kind: InteractionKind;
  readonly weight: number;
  readonly hidesItem: boolean;
}

/** Names an interaction by its row, or by the caller's own ID of it. */
export interface InteractionRefArgs {
  readonly id?: number | null;
  readonly eventId?: string | null;
}

export interface DeletedInteractionsRecord {
  readonly deleted: number;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface NewInteractionArgs {
  /** The caller's own ID of the event. Events with the same ID are recorded once. */
  readonly eventId?: string | null;
  /** Whether the user's own browser gave that ID. Such IDs are apart from those of others, who could else take them first. */
  readonly isOwnEventId?: boolean;
  readonly userExternalId: string;
  readonly itemExternalId: string;
  readonly kind: InteractionKind;
  /** Null for other kinds than RATING. */
  readonly rating?: number | null;
  readonly occurredAt?: Date | null;
}
