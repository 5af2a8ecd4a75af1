/** What a caller can get wrong, as mutations report it. */
import { MAX_BATCH } from './limits';
import type { UserErrorCode, UserErrorRecord } from './records';

/** @param field - Path into the mutation's input; none: the error is of the whole input. */
export function userError(code: UserErrorCode, message: string, ...field: (string | number)[]): UserErrorRecord {
  return { code, message, field: field.length === 0 ? null : field.map(String) };
}

/** @returns The error of a list that is empty or too long. */
export function batchErrors(name: string, length: number): UserErrorRecord[] {
  if (length === 0) return [userError('INVALID', `${name}: expected 1 to ${MAX_BATCH} entries, got none`, name)];
  if (length <= MAX_BATCH) return [];
  return [
    userError('TOO_MANY', `${name}: expected 1 to ${MAX_BATCH} entries, got ${length}; make several calls`, name),
  ];
}

/** @returns The positions of entries whose key an earlier entry has. */
export function repeatedPositions(keys: readonly (string | number)[]): Set<number> {
  const first = new Map<string | number, number>();
  const repeated = new Set<number>();
  keys.forEach((key, position) => {
    if (first.has(key)) repeated.add(position);
    else first.set(key, position);
  });
  return repeated;
}
