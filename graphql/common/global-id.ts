/** Relay's global IDs: `base64url("Item:12")`, unique over all types, opaque to clients. */

export type NodeName = 'Item' | 'User' | 'ModelVersion' | 'TrainingJob' | 'ApiKey';

const NODE_NAMES: readonly string[] = ['Item', 'User', 'ModelVersion', 'TrainingJob', 'ApiKey'];
/** Row numbers past a 32-bit integer are no row's. */
const MAX_ROW = 2 ** 31 - 1;

export interface GlobalId {
  readonly type: NodeName;
  readonly row: number;
}

export function toGlobalId(type: NodeName, row: number): string {
  return Buffer.from(`${type}:${row}`).toString('base64url');
}

/** @returns What the ID names, or null when no server of this kind made it. */
export function parseGlobalId(id: string): GlobalId | null {
  const match = /^([A-Za-z]+):([1-9][0-9]{0,9})$/.exec(Buffer.from(id, 'base64url').toString());
  if (!match || !NODE_NAMES.includes(match[1])) return null;
  const row = Number(match[2]);
  // Base64 has several spellings of the same bytes; only ours is an ID, so that IDs can be compared as strings.
  if (row > MAX_ROW || toGlobalId(match[1] as NodeName, row) !== id) return null;
  return { type: match[1] as NodeName, row };
}

/** @returns The row's number, or null when the ID names something of another type. */
export function rowOf(type: NodeName, id: string): number | null {
  const parsed = parseGlobalId(id);
  return parsed?.type === type ? parsed.row : null;
}
