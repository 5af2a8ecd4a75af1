/** What came of a mutation, in one word. */

/** @returns `OK`, or the code of the first error that a payload has for its caller. */
export function outcomeOf(payload: unknown): string {
  const { userErrors = [] } = (payload ?? {}) as { readonly userErrors?: readonly { readonly code: string }[] };
  return userErrors[0]?.code ?? 'OK';
}

/** @returns The code of an error that a mutation threw. */
export function codeOf(error: unknown): string {
  const { extensions, name } = error as { readonly extensions?: { readonly code?: unknown }; readonly name?: unknown };
  // Who has stopped a command at the terminal has gone, as a client of the API has.
  return String(extensions?.code ?? (name === 'AbortError' ? 'CANCELLED' : 'INTERNAL_SERVER_ERROR'));
}
