/** Mistakes of a caller: the error of an argument that cannot be used, and the user errors that mutations report. */
import { GraphQLError } from 'graphql';

import type { UserErrorCode, UserErrorRecord } from './records';

export interface Complaint {
  /** From the argument down to the value. */
  readonly path: readonly string[];
  /** `path: expected …, got …`, and what to do where that does not say it. */
  readonly message: string;
}

/** @returns `BAD_USER_INPUT`; `extensions.fields` has the paths. */
export function badInput(...complaints: readonly Complaint[]): GraphQLError {
  return new GraphQLError(complaints.map(({ message }) => message).join('; '), {
    extensions: { code: 'BAD_USER_INPUT', fields: complaints.map(({ path }) => path) },
  });
}

/** @param field - Path into the mutation's input; none: the error is of the whole input. */
export function userError(code: UserErrorCode, message: string, ...field: (string | number)[]): UserErrorRecord {
  return { code, message, field: field.length === 0 ? null : field.map(String) };
}

/** @returns The positions of entries whose key an earlier entry has. */
export function repeatedPositions(keys: readonly (string | number)[]): Set<number> {
  const first = new Map<string | number, number>();
  const repeated = new Set<number>();
  keys.forEach((key, position) => {
    if (first.has(key)) repeated.add(position);
    else first.set(key, position);
  });
  return repeated;
}

/** @returns Which entry of the batch the error is of; -1: it is of the whole input. */
export function positionOf({ field }: UserErrorRecord): number {
  return Number(field?.[1] ?? -1);
}

/** @returns The known mistakes of some entries, and those that were found in the others. */
export function withKnown(known: readonly UserErrorRecord[], found: readonly UserErrorRecord[]): UserErrorRecord[] {
  const wrong = new Set(known.map(positionOf));
  return [...known, ...found.filter((error) => !wrong.has(positionOf(error)))].sort(byPosition);
}

/** Sorts errors by the entries that they are of. */
export function byPosition(a: UserErrorRecord, b: UserErrorRecord): number {
  return positionOf(a) - positionOf(b);
}

const MAX_SHOWN_CHARACTERS = 60;

/** @returns A value as a message has it: a long one only by its length. */
export function shown(value: unknown): string {
  if (typeof value === 'string' && value.length > MAX_SHOWN_CHARACTERS) return `${value.length} characters`;
  if (Array.isArray(value) && (value.length > 8 || typeof value[0] === 'object')) return `${value.length} entries`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
