/** Errors that pass by themselves. */

/** With these the server refuses now what it may do in a moment. */
const PASSING = ['OVERLOADED', 'TRY_AGAIN', 'DATABASE_UNAVAILABLE'];

interface SomeError {
  readonly extensions?: { readonly [name: string]: unknown };
}

/** @param errors - Those of one answer. @returns After how many seconds to ask again; null: asking again is of no use. */
export function retryAfterOf(errors: readonly SomeError[]): number | null {
  for (const { extensions } of errors) {
    if (typeof extensions?.retryAfterSeconds === 'number') return extensions.retryAfterSeconds;
    if (PASSING.includes(String(extensions?.code))) return 1;
  }
  return null;
}
