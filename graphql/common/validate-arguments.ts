/** Checks arguments with class-validator and words what it finds. */
import { validateSync, type ValidationError } from 'class-validator';

import { badInput, type Complaint } from './bad-input';

/** The most complaints that one error names: 1,000 wrong rows must not make an answer of 1,000 lines. */
const MAX_COMPLAINTS = 10;
const MAX_SHOWN_CHARACTERS = 60;

/**
 * @throws {GraphQLError} `BAD_USER_INPUT`; the message has one `path: expected …, got …` for each complaint, and `extensions.fields`
 *   has the paths.
 */
export function validateArguments(value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const errors = validateSync(value, {
    skipMissingProperties: true,
    forbidUnknownValues: false,
    validationError: { target: false },
  });
  const complaints = errors.flatMap((error) => complaintsOf(error, [])).slice(0, MAX_COMPLAINTS);
  if (complaints.length === 0) return;
  throw badInput(...complaints);
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
