/** What texts a database can keep. */

const UNSTORABLE = /[\0\p{Surrogate}]/u;

/**
 * PostgreSQL refuses the NUL character, and SQLite ends a text at it. Half of a surrogate pair has no form in UTF-8, so that another text
 * would be stored than was sent.
 */
export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}
