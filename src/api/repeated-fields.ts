/** Finds fields that a document asks for again and again. Validation compares each pair of them, which takes long. */
import { type DocumentNode, type FieldNode, Kind, type SelectionSetNode } from 'graphql';

import { addToGroup } from '../../models/math/arrays';
import { PublicError } from '../errors';

/** Fields of one name in one place are usually one or two, and a few when parts of a program write a query together. */
const MAX_REPEATS = 32;

/**
 * Looks at each selection once. A fragment that has a name is a place of its own.
 *
 * @param document - Need not be valid.
 * @returns `QUERY_TOO_LARGE` when one name stands too often in one place of the answer; null otherwise.
 */
export function repetitionFault(document: DocumentNode): PublicError | null {
  for (const definition of document.definitions) {
    const name = 'selectionSet' in definition ? tooOftenIn([definition.selectionSet]) : null;
    if (name !== null) return fault(name);
  }
  return null;
}

/** @param sets - Whose answers become one. */
function tooOftenIn(sets: readonly SelectionSetNode[]): string | null {
  const fields = new Map<string, FieldNode[]>();
  for (const set of sets) collect(set, fields);
  for (const [name, same] of fields) {
    if (same.length > MAX_REPEATS) return name;
    const inner = tooOftenIn(same.flatMap(({ selectionSet }) => selectionSet ?? []));
    if (inner !== null) return inner;
  }
  return null;
}

/** Adds the fields of the set, and of the fragments without a name in it, by their names in the answer. */
function collect({ selections }: SelectionSetNode, fields: Map<string, FieldNode[]>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, fields);
    if (selection.kind !== Kind.FIELD) continue;
    addToGroup(fields, (selection.alias ?? selection.name).value, selection);
  }
}

function fault(name: string): PublicError {
  const expected = `at most ${MAX_REPEATS} fields of one name in one place of the answer`;
  return new PublicError('QUERY_TOO_LARGE', `fields: expected ${expected}, got more named ${name}; ask once`, 400);
}
