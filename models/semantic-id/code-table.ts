/** Semantic IDs as flat arrays: the form in which many of them cross a thread. */
import { Rows } from '../math/rows';
import type { SemanticId } from './semantic-ids';

/** Row r has item `itemIds[r]` and codes `codes[r * idLength … r * idLength + idLength - 1]`. */
export interface CodeTable {
  /** Codes an ID has, the collision token included. */
  readonly idLength: number;
  /** int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** int32 `[N, idLength]`. */
  readonly codes: Int32Array;
}

/** @param semanticIds - Of each item. */
export function codeTableOf(itemIds: Int32Array, semanticIds: readonly SemanticId[]): CodeTable {
  return { idLength: semanticIds[0]?.length ?? 0, itemIds, codes: Int32Array.from(semanticIds.flat()) };
}

/** @returns Item id → semantic ID. */
export function idsByItem({ idLength, itemIds, codes }: CodeTable): Map<number, SemanticId> {
  const rows = new Rows(codes, idLength);
  return new Map(Array.from(itemIds, (itemId, row) => [itemId, Array.from(rows.row(row))]));
}
