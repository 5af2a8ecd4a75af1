/** A filter of items in words. */
import type { ItemFilter } from '../../graphql/graphql';
import { formatPrice } from '../format/format';

/** Conditions that forms have no field for. */
export const OTHER_CONDITIONS = [
  'addedAfter',
  'attributes',
  'availability',
  'excludeExternalIds',
  'groupIds',
  'isAvailable',
  'semanticIdPrefix',
] as const satisfies readonly (keyof ItemFilter)[];

/** @returns Such as `brand North, from 10.00`; null where it says nothing. */
export function filterText(filter: ItemFilter): string | null {
  const { brands, categories, externalIds, minPrice, maxPrice } = filter;
  const parts = [
    listOf('brand', brands),
    listOf('category', categories),
    listOf('item', externalIds),
    minPrice == null ? null : `from ${formatPrice(minPrice)}`,
    maxPrice == null ? null : `up to ${formatPrice(maxPrice)}`,
    ...OTHER_CONDITIONS.map((name) => (filter[name] == null ? null : `${name} ${JSON.stringify(filter[name])}`)),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

function listOf(name: string, values: readonly string[] | null | undefined): string | null {
  return values == null || values.length === 0 ? null : `${name} ${values.join(' or ')}`;
}
