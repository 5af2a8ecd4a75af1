/** Texts that a database can keep. */

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** Expectation of a text, for messages. */
export const STORABLE_TEXT = 'text without NUL characters and without halves of surrogate pairs';

/**
 * PostgreSQL refuses the NUL character, and SQLite ends a text at it. Half of a surrogate pair has no form in UTF-8: SQLite may store
 * it, and its driver ends the process that reads it.
 */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/** @returns The names and positions that lead to the first text, or name, that no database can keep; null when there is none. */
export function unstorablePath(value: unknown): string[] | null {
  if (typeof value === 'string') return isStorableText(value) ? null : [];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return null;
  for (const [name, child] of Object.entries(value)) {
    if (!isStorableText(name)) return [];
    const path = unstorablePath(child);
    if (path !== null) return [name, ...path];
  }
  return null;
}
