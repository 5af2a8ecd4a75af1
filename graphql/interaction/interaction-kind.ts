import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const InteractionKind = enumOf<records.InteractionKind>('InteractionKind', 'What a user did with an item.', {
  PURCHASE: 'The user bought it.',
  VIEW: 'The user looked at it.',
  CART: 'The user put it into the cart.',
  RATING: 'The user rated it.',
});
