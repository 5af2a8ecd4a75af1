import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const OrderDirection = enumOf<records.OrderDirection>('OrderDirection', 'Which end of a list comes first.', {
  ASC: 'The least.',
  DESC: 'The greatest.',
});
