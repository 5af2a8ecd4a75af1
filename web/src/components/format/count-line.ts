import type { CombinedError } from 'urql';

import { plural } from './plural';

/** @param total - Null: it is not known. @returns How many there are of something, or why that is not said. */
export function countLine(total: number | null, one: string, error?: CombinedError): string {
  if (total !== null) return plural(total, one);
  return error ? 'The count could not be loaded.' : 'Counting…';
}
