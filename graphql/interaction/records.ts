/** Records about interactions, as the ports give and take them. */
import type { NewInteraction } from './inputs';
import type { Interaction, InteractionKind } from './types';

export type { InteractionKind, InteractionKindRule as KindRuleRecord } from './types';

export interface InteractionRecord extends Interaction {
  readonly id: number;
  readonly userId: number;
  readonly itemId: number;
}

/** Names an interaction by its row, or by the caller's own ID of it. */
export interface InteractionRefArgs {
  readonly id?: number | null;
  readonly eventId?: string | null;
}

export interface NewInteractionArgs extends Omit<NewInteraction, 'user' | 'item' | 'kind'> {
  /** Whether the user's own browser gave `eventId`. Such IDs are apart from those of others, who could else take them first. */
  readonly isOwnEventId?: boolean;
  readonly userExternalId: string;
  readonly itemExternalId: string;
  readonly kind: InteractionKind;
}
