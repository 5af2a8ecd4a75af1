/** The live items that a model has not learned, kept in step with the shop. */
import type { KnownItems } from '../../models/checkpoint/known-items';

export class ColdList {
  private readonly itemIds: Set<number>;
  /** Null when the set has changed since it was made. */
  private sorted: readonly number[] | null = null;

  /** @param live - Item ids. */
  constructor(
    readonly known: KnownItems,
    live: Iterable<number>,
  ) {
    this.itemIds = new Set([...live].filter((itemId) => !known.has(itemId)));
  }

  /** Takes up an item that has become live. */
  add(itemId: number): void {
    if (this.known.has(itemId) || this.itemIds.has(itemId)) return;
    this.itemIds.add(itemId);
    this.sorted = null;
  }

  remove(itemId: number): void {
    if (this.itemIds.delete(itemId)) this.sorted = null;
  }

  /** @returns Item ids. */
  ascending(): readonly number[] {
    this.sorted ??= Array.from(Int32Array.from(this.itemIds).sort());
    return this.sorted;
  }
}
