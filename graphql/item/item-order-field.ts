import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const ItemOrderField = enumOf<records.ItemOrderField>('ItemOrderField', 'What items are ordered by.', {
  ADDED: 'When they came into the catalogue.',
  TITLE: 'Their titles; upper and lower case are alike.',
  PRICE: 'Their prices; items without one come last, whatever the direction.',
  INTERACTIONS: 'How many interactions were recorded with them.',
});
