/** Semantic IDs as flat arrays: the form in which many of them cross a thread. */
import { Rows } from '../math/rows';
import type { SemanticId } from './semantic-ids';

/** Row r has item `itemIds[r]` and codes `codes[r * depth … r * depth + depth - 1]`. */
export interface CodeTable {
  /** Codes an ID has, the collision token included. */
  readonly depth: number;
  /** int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** int32 `[N, depth]`. */
  readonly codes: Int32Array;
}

/** @returns Item id → semantic ID. */
export function idsByItem({ depth, itemIds, codes }: CodeTable): Map<number, SemanticId> {
  const rows = new Rows(codes, depth);
  return new Map(Array.from(itemIds, (itemId, row) => [itemId, Array.from(rows.row(row))]));
}
