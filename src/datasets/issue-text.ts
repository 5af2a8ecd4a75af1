/** Turns a failed check of a document into the reason of a `DatasetError`. */
import type { ZodError } from 'zod';

/**
 * @param root - The name of the whole document, for a problem that is not about one field.
 * @returns The first problem in one line: `field: expected …, got …`.
 */
export function issueText({ issues: [{ path, message }] }: ZodError, root: string): string {
  const text = message.replace(/^[^:]+: (?=expected)/, '').replace(', received ', ', got ');
  return `${path.join('.') || root}: ${text}`;
}
