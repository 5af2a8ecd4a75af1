/** Reads what is stored of placements. It was checked when it was saved; rows of an older version may lack fields. */
import { LRUCache } from 'lru-cache';

import type { PlacementDefinition, PlacementStateRecord } from '../../graphql/placement/records';
import type { StoredPlacement } from '../storage/request-reads';

/** The fields with times, which JSON has as texts. */
const TIMES: ReadonlySet<string> = new Set(['from', 'until', 'addedAfter']);

/** @param stored - The column, as Prisma gives it. */
export function definitionOf(stored: unknown): PlacementDefinition {
  return read(JSON.stringify(stored));
}

function read(text: string): PlacementDefinition {
  const revive = (name: string, value: unknown) =>
    TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
  return JSON.parse(text, revive) as PlacementDefinition;
}

/** Every list reads its placement, and mostly the same few: to parse the text again would take longer than to read it. */
const known = new LRUCache<string, PlacementDefinition>({ max: 200 });

export function placementState({ definition: text, ...row }: StoredPlacement): PlacementStateRecord {
  const definition = known.get(text) ?? read(text);
  known.set(text, definition);
  return { ...row, definition };
}
