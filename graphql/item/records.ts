/** Records about items, as the ports give and take them. */
import type { ItemPatch, ItemsInput } from './inputs';
import type { Item } from './types';

export type { ItemFilter as ItemFilterArgs } from './fields';
export type { ItemOrder as ItemOrderArgs, NewItem as NewItemArgs } from './inputs';
export type { FacetValue as FacetValueRecord } from './types';

export interface ItemRecord extends Required<Item> {
  readonly id: number;
  readonly interactionCount: number;
}

/** Which items a list has, beside its filter; absent: all live ones. */
export type ItemSelectionArgs = Partial<Pick<ItemsInput, 'search' | 'removed'>>;

export type ItemListArgs = Partial<Pick<ItemsInput, 'search' | 'removed' | 'orderBy'>>;

/** A field whose values are counted; the filter's condition on it has the same name. */
export type ItemFacet = 'brands' | 'categories' | 'availability';

export interface ItemPatchArgs extends Omit<ItemPatch, 'item'> {
  readonly itemId: number;
}
