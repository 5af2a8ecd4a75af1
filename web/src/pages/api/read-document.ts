/** What must be known of a GraphQL document before it is sent. */

/** @returns Whether the document's operation is a subscription. */
export function isSubscription(document: string): boolean {
  return /^\s*subscription\b/m.test(withoutComments(document));
}

/** @returns JSON with one entry for each variable that must be given; empty when there is none. */
export function emptyVariables(document: string): string {
  const [, list = ''] =
    /^\s*(?:query|mutation|subscription)\s*\w*\s*\(([^)]*)\)/m.exec(withoutComments(document)) ?? [];
  const needed = [...list.matchAll(/\$(\w+)\s*:\s*([[\]\w!]+)(\s*=)?/g)].filter(
    ([, , type, hasDefault]) => type.endsWith('!') && hasDefault === undefined,
  );
  if (needed.length === 0) return '';
  return JSON.stringify(Object.fromEntries(needed.map(([, name, type]) => [name, emptyOf(type)])), null, 2);
}

function emptyOf(type: string): unknown {
  if (type.startsWith('[')) return [];
  if (/^(ID|String)!$/.test(type)) return '';
  return /Input!$/.test(type) ? {} : null;
}

function withoutComments(document: string): string {
  return document.replaceAll(/#.*/g, '');
}

/** @returns The variables, or why they cannot be read. */
export function readVariables(text: string): { variables: Record<string, unknown> } | { error: string } {
  if (text.trim() === '') return { variables: {} };
  try {
    const variables = JSON.parse(text) as unknown;
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
      return { variables: variables as Record<string, unknown> };
    }
    return { error: 'The variables must be a JSON object, such as {"first": 3}.' };
  } catch (error) {
    return { error: `The variables are not JSON: ${(error as Error).message}` };
  }
}
