import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const InteractionKind = enumOf<records.InteractionKind>('InteractionKind', 'What a user did with an item.', {
  PURCHASE: 'Bought it.',
  VIEW: 'Looked at it.',
  CART: 'Put it into the cart.',
  RATING: 'Rated it.',
});
