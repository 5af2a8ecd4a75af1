import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const CatalogueChangeKind = enumOf<records.CatalogueChangeKind>(
  'CatalogueChangeKind',
  'The kind of a change of the catalogue.',
  {
    ITEMS_ADDED: 'Items were added.',
    ITEMS_UPDATED: 'Fields of items were changed.',
    ITEMS_REMOVED: 'Items were removed and are no longer recommended.',
    ITEMS_RESTORED: 'Removed items were brought back.',
    SEMANTIC_IDS_REASSIGNED: 'Items got other semantic IDs.',
    MODEL_ACTIVATED: 'Another model version became active, with its semantic IDs.',
  },
);
