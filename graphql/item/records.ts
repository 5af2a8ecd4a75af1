/** Records about items, as the ports give them. */
import type { UserErrorRecord } from '../common/records';
import type { ItemFields, ItemFilter } from './fields';

/** The optional fields of an item, each of them given or null. */
export type ItemFieldValues = Required<ItemFields>;

export interface ItemRecord extends ItemFieldValues {
  readonly id: number;
  readonly externalId: string;
  readonly title: string;
  readonly categories: readonly string[];
  readonly interactionCount: number;
  readonly addedAt: Date;
  readonly removedAt: Date | null;
}

/** A condition that is absent or null asks for nothing. */
export type ItemFilterArgs = ItemFilter;

export type ItemOrderField = 'ADDED' | 'TITLE' | 'PRICE' | 'INTERACTIONS';
export type OrderDirection = 'ASC' | 'DESC';

export interface ItemOrderArgs {
  readonly field: ItemOrderField;
  readonly direction?: OrderDirection | null;
}

/** Which items a list has, beside its filter; absent: all live ones. */
export interface ItemSelectionArgs {
  /** Words that all of them have. */
  readonly search?: string | null;
  /** Whether to list the removed items instead of the live ones. */
  readonly removed?: boolean | null;
}

export interface ItemListArgs extends ItemSelectionArgs {
  /** Absent: the best first in a search, else the oldest. */
  readonly orderBy?: ItemOrderArgs | null;
}

/** A field whose values are counted; the filter's condition on it has the same name. */
export type ItemFacet = 'brands' | 'categories' | 'availability';

export interface FacetValueRecord {
  readonly value: string;
  readonly count: number;
}

/** The fields that a new item and the change of an item may both give. */
interface GivenItem extends ItemFields {
  readonly categories?: readonly string[] | null;
  readonly embedding?: readonly number[] | null;
}

export interface NewItemArgs extends GivenItem {
  readonly externalId: string;
  readonly title: string;
}

export interface ItemPatchArgs extends GivenItem {
  readonly itemId: number;
  readonly title?: string | null;
}

/** How many items an upsert made, changed or brought back, and found as they were given. */
export interface UpsertCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface UpsertedItemsRecord extends ChangedItemsRecord, UpsertCounts {}

export interface DeletedItemsRecord {
  /** In the order of the input. */
  readonly deletedExternalIds: readonly string[];
  readonly deletedInteractions: number;
  /** The version that their removal made; null: none was live. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface ChangedItemsRecord {
  /** `items[i]` answers entry i of the input; null when it was refused. */
  readonly items: readonly (ItemRecord | null)[];
  /** The version that the call made; null when it changed nothing. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}
