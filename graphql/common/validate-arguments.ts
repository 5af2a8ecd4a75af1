/** Checks arguments with class-validator and words what it finds. */
import { validateSync, type ValidationError } from 'class-validator';

import { badInput, type Complaint, shown, userError } from './errors';
import { fillDefaults } from './field';
import type { UserErrorRecord } from './records';
import { STORABLE_TEXT, unstorablePath } from './storable-text';
import { AnyReference } from './types';

/** The most complaints that one error names: 1,000 wrong rows must not make an answer of 1,000 lines. */
const MAX_COMPLAINTS = 10;

/** The errors of an input with a list of entries, for its resolver: to check a thousand entries again takes as long as the first time. */
const foundBefore = new WeakMap<object, ValidationError[]>();

/**
 * Fills in defaults, and checks all but the entries of a list, such as items to add: the resolver reports them by `entryErrors`. Texts of
 * references are checked here: no resolver reports them.
 *
 * @throws {GraphQLError} `BAD_USER_INPUT`; the message has one `path: expected …, got …` for each complaint, and `extensions.fields`
 *   has the paths.
 */
export function validateArguments(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  fillDefaults(value);
  const errors = errorsOf(value);
  if (errors.length > 0) foundBefore.set(value, errors);
  const outside = errors.map((error) => (Array.isArray(error.value) ? { ...error, children: [] } : error));
  const complaints = [...outside.flatMap((error) => complaintsOf(error, [])), ...textComplaints(value)];
  if (complaints.length > 0) throw badInput(...complaints.slice(0, MAX_COMPLAINTS));
}

function textComplaints(value: object): Complaint[] {
  return Object.entries(value).flatMap(([name, child]) => {
    const isReported = Array.isArray(child) && typeof child[0] === 'object' && !(child[0] instanceof AnyReference);
    const within = isReported ? null : unstorablePath(child);
    const path = [name, ...(within ?? [])];
    return within === null ? [] : [{ path, message: unstorable(path) }];
  });
}

function unstorable(path: readonly string[]): string {
  return `${path.join('.')}: expected ${STORABLE_TEXT}, got one with them`;
}

/** @returns The mistakes in the entries of a list, each with its place: the caller's user errors. */
export function entryErrors<List extends string>(
  input: { readonly [L in List]?: readonly object[] | null },
  list: List,
): UserErrorRecord[] {
  const errors = foundBefore.get(input) ?? [];
  const wrong = errors.flatMap(({ property, children = [] }) => (property === list ? children : []));
  const byPosition = new Map(wrong.map(({ property, children = [] }) => [Number(property), children]));
  return (input[list] ?? []).flatMap((entry, position) => [
    ...fieldErrors(byPosition.get(position) ?? [], list, position),
    ...textErrors(entry, list, position),
  ]);
}

function fieldErrors(errors: readonly ValidationError[], list: string, position: number): UserErrorRecord[] {
  return errors.flatMap((error) =>
    complaintsOf(error, []).map(({ path, message }) => {
      const isRange = error.constraints !== undefined && ('min' in error.constraints || 'max' in error.constraints);
      return userError(isRange ? 'OUT_OF_RANGE' : 'INVALID', message, list, position, ...path);
    }),
  );
}

function textErrors(entry: object, list: string, position: number): UserErrorRecord[] {
  const path = unstorablePath(entry);
  return path === null ? [] : [userError('INVALID', unstorable(path), list, position, ...path)];
}

function errorsOf(value: object): ValidationError[] {
  return validateSync(value, {
    skipMissingProperties: true,
    forbidUnknownValues: false,
    validationError: { target: false },
  });
}

function complaintsOf(error: ValidationError, parents: readonly string[]): Complaint[] {
  const path = [...parents, error.property];
  // Both ends of a range have the same message; it is given once.
  const wordings = [...new Set(Object.values(error.constraints ?? {}))];
  const own = wordings.map((wording) => ({
    path,
    message: `${path.join('.')}: ${wording}, got ${shown(error.value)}`,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => complaintsOf(child, path))];
}
