import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const CatalogueChangeKind = enumOf<records.CatalogueChangeKind>(
  'CatalogueChangeKind',
  'What made the catalogue change.',
  {
    ITEMS_ADDED: 'Items are new.',
    ITEMS_UPDATED: 'Items read differently.',
    ITEMS_REMOVED: 'Items are no longer recommended.',
    ITEMS_RESTORED: 'Removed items are back.',
    SEMANTIC_IDS_REASSIGNED: 'Items have other semantic IDs.',
    MODEL_ACTIVATED: 'Another model version answers, with its semantic IDs.',
  },
);
