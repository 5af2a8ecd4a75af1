/** Checks arguments with class-validator and words what it finds. */
import { validateSync, type ValidationError } from 'class-validator';

import { badInput, type Complaint, userError } from './errors';
import type { UserErrorRecord } from './records';

/** The most complaints that one error names: 1,000 wrong rows must not make an answer of 1,000 lines. */
const MAX_COMPLAINTS = 10;
const MAX_SHOWN_CHARACTERS = 60;

/** What was found of the entries of a batch, for its resolver: to check a thousand of them again takes as long as the first time. */
const foundBefore = new WeakMap<object, ValidationError[]>();

/**
 * Checks all but the entries of a batch that takes the correct ones (`atomic: false`): see `entryErrors`.
 *
 * @throws {GraphQLError} `BAD_USER_INPUT`; the message has one `path: expected …, got …` for each complaint, and `extensions.fields`
 *   has the paths.
 */
export function validateArguments(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const errors = errorsOf(value);
  if (!isAtomic(value)) foundBefore.set(value, errors);
  const checked = isAtomic(value) ? errors : errors.map((error) => ({ ...error, children: [] }));
  const complaints = checked.flatMap((error) => complaintsOf(error, [])).slice(0, MAX_COMPLAINTS);
  if (complaints.length === 0) return;
  throw badInput(...complaints);
}

/** @returns What is wrong with the entries of a batch that takes the correct ones; nothing for other batches. */
export function entryErrors(input: { readonly atomic?: boolean | null }, list: string): UserErrorRecord[] {
  if (isAtomic(input)) return [];
  const errors = foundBefore.get(input) ?? errorsOf(input);
  const entries = errors.flatMap(({ property, children = [] }) => (property === list ? children : []));
  return entries.flatMap(({ property: position, children = [] }) =>
    children
      .flatMap((error) => complaintsOf(error, []))
      .map(({ path, message }) => userError('INVALID', message, list, position, ...path)),
  );
}

function isAtomic(input: { readonly atomic?: unknown }): boolean {
  return input.atomic !== false;
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

function shown(value: unknown): string {
  if (typeof value === 'string' && value.length > MAX_SHOWN_CHARACTERS) return `${value.length} characters`;
  if (Array.isArray(value) && (value.length > 8 || typeof value[0] === 'object')) return `${value.length} entries`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
