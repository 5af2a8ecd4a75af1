/** What came of a mutation, in one word. */

/** @returns `OK`, or the code of the first error that a payload has for its caller. */
export function outcomeOf(payload: unknown): string {
  const { userErrors = [] } = (payload ?? {}) as { readonly userErrors?: readonly { readonly code: string }[] };
  return userErrors[0]?.code ?? 'OK';
}

/** @returns The code of an error that a mutation threw. */
export function codeOf(error: unknown): string {
  const { extensions } = error as { readonly extensions?: { readonly code?: unknown } };
  return String(extensions?.code ?? 'INTERNAL_SERVER_ERROR');
}
