import type { InteractionKind } from '../../graphql/graphql';

/** What users do with items, in words. */
export const INTERACTION_KINDS: Readonly<Record<InteractionKind, string>> = {
  PURCHASE: 'Bought',
  CART: 'Put into the cart',
  VIEW: 'Viewed',
  RATING: 'Rated',
};
