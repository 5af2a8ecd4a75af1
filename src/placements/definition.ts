/** Reads what is stored of placements. Rows of an older version may lack fields; what a newer one has besides is left out. */
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

import type { ItemFilterArgs } from '../../graphql/item/records';
import type { PlacementDefinition, PlacementStateRecord } from '../../graphql/placement/records';
import type { StoredPlacement } from '../storage/request-reads';

const texts = z.array(z.string()).nullish();
const number = z.number().nullish();
const truth = z.boolean().nullish();
const plain = z.union([z.string(), z.number(), z.boolean()]);

const condition = z.object({
  ...{ name: z.string(), equals: plain.nullish(), in: z.array(plain).nullish() },
  ...{ min: number, max: number, exists: truth },
});

const filter = z.object({
  ...{ categories: texts, brands: texts, minPrice: number, maxPrice: number, isAvailable: truth, groupIds: texts },
  availability: z.array(z.enum(['IN_STOCK', 'PREORDER', 'OUT_OF_STOCK'])).nullish(),
  attributes: z.array(condition).nullish(),
  ...{ externalIds: texts, excludeExternalIds: texts, semanticIdPrefix: z.array(z.number()).nullish() },
  addedAfter: z.coerce.date().nullish(),
} satisfies Record<keyof ItemFilterArgs, z.ZodType>);

const options = z.object({
  ...{ filter: filter.nullish(), includeSeen: truth, oncePerGroup: truth },
  ...{ coldStartShare: number, temperature: number, beamWidth: number },
});

const action = z.object({
  pin: z.object({ itemId: z.int32(), place: z.int() }).nullish(),
  boost: z.object({ filter, factor: z.number() }).nullish(),
  hide: z.object({ filter }).nullish(),
  atMost: z.object({ count: z.int(), of: z.enum(['CATEGORY', 'BRAND', 'GROUP']) }).nullish(),
  notShownFor: z.object({ hours: z.number() }).nullish(),
});

const DEFINITION: z.ZodType<PlacementDefinition> = z.object({
  title: z.string().nullish(),
  options: options.nullish(),
  rules: z.array(z.object({ from: z.coerce.date().nullish(), until: z.coerce.date().nullish(), action })),
  fallback: z.enum(['TRENDING', 'POPULAR', 'NOTHING']).nullish(),
  window: z.enum(['DAY', 'WEEK', 'MONTH']).nullish(),
  modelVersionId: z.int32().nullish(),
});

/** @param stored - The column, as Prisma gives it. */
export function definitionOf(stored: unknown): PlacementDefinition {
  return DEFINITION.parse(stored);
}

/** Every list reads its placement, and mostly the same few: to check the text again would take longer than to read it. */
const read = new LRUCache<string, PlacementDefinition>({ max: 200 });

export function placementState({ definition: text, ...row }: StoredPlacement): PlacementStateRecord {
  const known = read.get(text);
  if (known !== undefined) return { ...row, definition: known };
  const definition = definitionOf(JSON.parse(text));
  read.set(text, definition);
  return { ...row, definition };
}
