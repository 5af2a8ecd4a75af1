/**
 * The shape of variables, measured before graphql-js visits each value: it visits nested values by recursion and reports each wrong entry
 * of a list.
 */
import { levelsOf } from '../../graphql/common/json-levels';
import { MAX_VARIABLE_DEPTH } from '../../graphql/common/limits';

/** @returns What is wrong, as `expected …, got …`; null when the variables may be looked at. */
export function variableFault(variables: Readonly<Record<string, unknown>>, maxListLength: number): string | null {
  for (const { depth, values } of levelsOf(variables)) {
    if (depth > MAX_VARIABLE_DEPTH)
      return `expected at most ${MAX_VARIABLE_DEPTH} levels of lists and objects, got more; send flatter values`;
    for (const value of values)
      if (Array.isArray(value) && value.length > maxListLength)
        return `expected lists of at most ${maxListLength} entries, got ${value.length}; make several calls`;
  }
  return null;
}
