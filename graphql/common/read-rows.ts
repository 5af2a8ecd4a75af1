/** Turns the global IDs of a mutation's input into row numbers. An ID that names nothing becomes a user error. */
import { type NodeName, rowOf } from './global-id';
import type { UserErrorRecord } from './records';

const WORDING: Readonly<Record<NodeName, string>> = {
  Item: 'an item',
  User: 'a user',
  ModelVersion: 'a model version',
  TrainingJob: 'a training job',
  ApiKey: 'an API key',
};

/** In place of the row of an ID that names nothing: rows are numbered from 1. */
const NO_ROW = 0;

export interface Rows {
  readonly rows: readonly number[];
  readonly userErrors: readonly UserErrorRecord[];
}

/**
 * @param pathOf - The path of ID i in the input.
 * @returns One row for each ID, which is `NO_ROW` for those with a user error.
 */
export function readRows(type: NodeName, ids: readonly string[], pathOf: (index: number) => readonly string[]): Rows {
  const userErrors = ids.flatMap((id, index) => {
    if (rowOf(type, id) !== null) return [];
    const path = pathOf(index);
    const message = `${path.join('.')}: expected the id of ${WORDING[type]}, got "${id}"`;
    return [{ code: 'NOT_FOUND' as const, message, field: path }];
  });
  return { rows: ids.map((id) => rowOf(type, id) ?? NO_ROW), userErrors };
}

/** Does the same for one ID. `row` is null exactly when there is an error. */
export function readRow(
  type: NodeName,
  id: string,
  field: string,
): { row: number; userErrors: readonly [] } | { row: null; userErrors: readonly UserErrorRecord[] } {
  const { rows, userErrors } = readRows(type, [id], () => [field]);
  return userErrors.length > 0 ? { row: null, userErrors } : { row: rows[0], userErrors: [] };
}
