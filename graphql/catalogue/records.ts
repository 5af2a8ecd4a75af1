/** Records about the catalogue as a whole, as the ports give them. */

export type CatalogueChangeKind =
  | 'ITEMS_ADDED'
  | 'ITEMS_UPDATED'
  | 'ITEMS_REMOVED'
  | 'ITEMS_RESTORED'
  | 'ITEMS_UPSERTED'
  | 'SEMANTIC_IDS_REASSIGNED'
  | 'MODEL_ACTIVATED';

export interface CatalogueChangeRecord {
  readonly version: number;
  readonly kind: CatalogueChangeKind;
  readonly itemCount: number;
  readonly changedAt: Date;
  /** The version of the reassignment that this change took back; absent: it took none back. */
  readonly undoes?: number;
}
