/** Reads what is stored of placements. It was checked when it was saved; rows of an older version may lack fields. */
import { LRUCache } from 'lru-cache';

import type { PlacementDefinition, PlacementStateRecord } from '../../graphql/placement/records';
import type { StoredPlacement } from '../storage/request-reads';

/** The fields with times, which JSON has as texts. */
const TIMES: ReadonlySet<string> = new Set(['from', 'until', 'addedAfter']);

/** Every list reads its placement, and mostly the same few: to parse the text again would take longer than to read it. */
const known = new LRUCache<string, PlacementDefinition>({ max: 200 });

/** @param row - Its definition is JSON as a text, or as Prisma gives it. */
export function stateRecord({
  definition,
  ...row
}: Omit<StoredPlacement, 'definition'> & { readonly definition: unknown }): PlacementStateRecord {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  const read = known.get(text) ?? (JSON.parse(text, withTimes) as PlacementDefinition);
  known.set(text, read);
  return { ...row, ...read };
}

function withTimes(name: string, value: unknown): unknown {
  return TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
}
