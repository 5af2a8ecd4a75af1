/**
 * Finds, in what callers send, texts that a database cannot keep, values that are nested too deep, and lists that are too long. The entries
 * of a list, such as items to add, may have such texts: the mutation says which entries are wrong.
 */
import {
  type ArgumentNode,
  type DocumentNode,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

import { isStorableText, STORABLE_TEXT } from '../../graphql/common/storable-text';
import { PublicError } from '../errors';

/** Attributes need far fewer levels, and recursive functions can handle far more. */
const MAX_LEVELS = 32;

/**
 * @param values - By the names that the error shall have.
 * @returns The errors, one for each wrong value; `extensions.fields` has its path.
 */
export function inputErrors(values: Readonly<Record<string, unknown>>, maxListLength = Infinity): PublicError[] {
  return Object.entries(values).flatMap(([name, value]) => firstError([name], value, maxListLength) ?? []);
}

/** @returns The errors of values that are written in the document itself, by argument or variable. */
export function literalErrors(document: DocumentNode): PublicError[] {
  const errors: PublicError[] = [];
  const check = (name: string, value: ValueNode | undefined) => {
    if (value && value.kind !== Kind.VARIABLE) errors.push(...inputErrors({ [name]: valueFromASTUntyped(value) }));
  };
  visit(document, {
    Argument: ({ name, value }: ArgumentNode) => check(name.value, value),
    VariableDefinition: ({ variable, defaultValue }: VariableDefinitionNode) =>
      check(variable.name.value, defaultValue),
  });
  return errors;
}

function firstError(
  path: readonly string[],
  value: unknown,
  maxListLength: number,
  isInEntry = false,
): PublicError | null {
  if (typeof value === 'string') return isInEntry || isStorableText(value) ? null : unstorable(path);
  if (typeof value !== 'object' || value === null) return null;
  if (path.length > MAX_LEVELS)
    return refusal(path, `expected at most ${MAX_LEVELS} levels, got more; send flatter values`);
  if (Array.isArray(value) && value.length > maxListLength)
    return refusal(path, `expected at most ${maxListLength} entries, got ${value.length}; make several calls`);
  for (const [key, child] of Object.entries(value)) {
    if (!isInEntry && !isStorableText(key)) return unstorable(path);
    const isEntry = isInEntry || (Array.isArray(value) && typeof child === 'object');
    const error = typeof child === 'number' ? null : firstError([...path, key], child, maxListLength, isEntry);
    if (error) return error;
  }
  return null;
}

function unstorable(path: readonly string[]): PublicError {
  return refusal(path, `expected ${STORABLE_TEXT}, got one with them`);
}

/** The path of a deep value is cut, so that the answer is not as long as the request. */
function refusal(path: readonly string[], complaint: string): PublicError {
  const shown = path.slice(0, 8);
  return new PublicError('BAD_USER_INPUT', `${shown.join('.')}: ${complaint}`, 400, {}, { fields: [shown] });
}
