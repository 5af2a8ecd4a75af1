/** What crosses the ports about items. Plain data, no classes. */
import type { UserErrorRecord } from '../common/records';

export interface ItemRecord {
  readonly id: number;
  readonly externalId: string;
  readonly title: string;
  readonly description: string | null;
  readonly brand: string | null;
  readonly categories: readonly string[];
  readonly price: number | null;
  readonly attributes: unknown;
  readonly interactionCount: number;
  readonly addedAt: Date;
  readonly removedAt: Date | null;
}

export interface ItemFilterArgs {
  readonly categories?: readonly string[] | null;
  readonly brands?: readonly string[] | null;
  readonly minPrice?: number | null;
  readonly maxPrice?: number | null;
  readonly titleContains?: string | null;
  readonly externalIds?: readonly string[] | null;
  readonly excludeExternalIds?: readonly string[] | null;
  readonly semanticIdPrefix?: readonly number[] | null;
  readonly addedAfter?: Date | null;
}

export type ItemOrderField = 'ADDED' | 'TITLE' | 'PRICE' | 'INTERACTIONS';
export type OrderDirection = 'ASC' | 'DESC';

export interface ItemOrderArgs {
  readonly field: ItemOrderField;
  readonly direction?: OrderDirection | null;
}

/** How a list of items is made; absent: live ones, oldest first. */
export interface ItemListArgs {
  readonly orderBy?: ItemOrderArgs | null;
  /** Those that were removed, instead of the live ones. */
  readonly removed?: boolean | null;
}

/** What a new item and the change of an item may both give. */
interface ItemFieldsArgs {
  readonly description?: string | null;
  readonly brand?: string | null;
  readonly categories?: readonly string[] | null;
  readonly price?: number | null;
  readonly attributes?: unknown;
  readonly embedding?: readonly number[] | null;
}

export interface NewItemArgs extends ItemFieldsArgs {
  readonly externalId: string;
  readonly title: string;
}

export interface ItemPatchArgs extends ItemFieldsArgs {
  readonly itemId: number;
  readonly title?: string | null;
}

export interface ChangedItemsRecord {
  /** `items[i]` answers entry i of the input; null when it was refused. */
  readonly items: readonly (ItemRecord | null)[];
  /** The version that the call made; null when it changed nothing. */
  readonly catalogueVersion: number | null;
  readonly userErrors: readonly UserErrorRecord[];
}
