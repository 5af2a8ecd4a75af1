/** Records about interactions, as the ports give them. */

export type InteractionKind = 'PURCHASE' | 'VIEW' | 'CART' | 'RATING';

export interface InteractionRecord {
  readonly id: number;
  readonly userId: number;
  readonly itemId: number;
  readonly kind: InteractionKind;
  readonly occurredAt: Date;
}

export interface NewInteractionArgs {
  /** The caller's own ID of the event. Events with the same ID are recorded once. */
  readonly eventId?: string | null;
  readonly userExternalId: string;
  readonly itemExternalId: string;
  readonly kind: InteractionKind;
  readonly occurredAt?: Date | null;
}
