/** Relay's global IDs: `base64url("Item:12")`. They are unique among all types, and clients do not look inside. */
import { badInput, shown } from './errors';
import { MAX_INT } from './limits';
import type { UserErrorRecord } from './records';

export type NodeName =
  'Item' | 'User' | 'Interaction' | 'ModelVersion' | 'TrainingJob' | 'ApiKey' | 'Experiment' | 'ExperimentArm';

export interface GlobalId {
  readonly type: NodeName;
  readonly row: number;
}

export function toGlobalId(type: NodeName, row: number): string {
  return Buffer.from(`${type}:${row}`).toString('base64url');
}

/** @returns The type and the row, or null when the text is not a global ID as `toGlobalId` writes it. */
export function parseGlobalId(id: string): GlobalId | null {
  const match = /^([A-Za-z]+):([1-9][0-9]{0,9})$/.exec(Buffer.from(id, 'base64url').toString());
  if (!match || !Object.hasOwn(WORDING, match[1])) return null;
  const row = Number(match[2]);
  // Base64 can write the same bytes in several ways. Only our way is an ID, so that equal IDs are equal strings.
  if (row > MAX_INT || toGlobalId(match[1] as NodeName, row) !== id) return null;
  return { type: match[1] as NodeName, row };
}

/** @returns The row's number, or null when the text is no global ID of this type. */
export function rowOf(type: NodeName, id: string): number | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.row : null;
}

export const WORDING: Readonly<Record<NodeName, string>> = {
  Item: 'an item',
  User: 'a user',
  Interaction: 'an interaction',
  ModelVersion: 'a model version',
  TrainingJob: 'a training job',
  ApiKey: 'an API key',
  Experiment: 'an experiment',
  ExperimentArm: 'an arm of an experiment',
};

export const NODE_NAMES = Object.keys(WORDING) as readonly NodeName[];

/** In place of the row of an ID that names nothing: rows are numbered from 1. */
export const NO_ROW = 0;

/** @param path - Of the argument. @throws {GraphQLError} `BAD_USER_INPUT`, when the ID is that of no model version. */
export function versionRowOf(id: string, ...path: string[]): number {
  const row = rowOf('ModelVersion', id);
  if (row !== null) return row;
  const message = `modelVersion: expected the global ID of a model version, got "${id}"; modelVersions lists them`;
  throw badInput({ path, message });
}

export interface Rows {
  readonly rows: readonly number[];
  readonly userErrors: readonly UserErrorRecord[];
}

/** @returns The row that a global ID names. `row` is null exactly when there is an error. */
export function readRow(
  type: NodeName,
  id: string,
  field: string,
): { row: number; userErrors: readonly [] } | { row: null; userErrors: readonly UserErrorRecord[] } {
  const row = rowOf(type, id);
  if (row !== null) return { row, userErrors: [] };
  const message = `${field}: expected the id of ${WORDING[type]}, got ${shown(id)}`;
  return { row, userErrors: [{ code: 'NOT_FOUND', message, field: [field] }] };
}
