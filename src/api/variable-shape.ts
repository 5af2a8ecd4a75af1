/**
 * The shape of variables, measured before graphql-js visits each value: it visits nested values by recursion and reports each wrong entry
 * of a list.
 */

/** How deep JSON in variables may be nested; an input object is three or four levels deep. */
const MAX_VARIABLE_DEPTH = 64;

/** @returns What is wrong, as `expected …, got …`; null when the variables may be looked at. */
export function variableFault(variables: Readonly<Record<string, unknown>>, maxListLength: number): string | null {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_VARIABLE_DEPTH)
      return `expected at most ${MAX_VARIABLE_DEPTH} levels of lists and objects, got more; send flatter values`;
    const next: unknown[] = [];
    for (const value of level) {
      if (Array.isArray(value) && value.length > maxListLength)
        return `expected lists of at most ${maxListLength} entries, got ${value.length}; make several calls`;
      for (const each of Object.values(value as object)) if (typeof each === 'object' && each !== null) next.push(each);
    }
    level = next;
  }
  return null;
}
