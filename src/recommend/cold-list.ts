/** The live items that a model has not learned, kept in step with the shop. */
import type { KnownItems } from '../../models/checkpoint/known-items';
import { AscendingIds } from './ascending-ids';

export class ColdList {
  private readonly itemIds: AscendingIds;

  /** @param live - Item ids, each once. */
  constructor(
    readonly known: KnownItems,
    live: Iterable<number>,
  ) {
    this.itemIds = new AscendingIds([...live].filter((itemId) => !known.has(itemId)));
  }

  /** Takes up an item that has become live. */
  add(itemId: number): void {
    if (!this.known.has(itemId)) this.itemIds.add(itemId);
  }

  remove(itemId: number): void {
    this.itemIds.remove(itemId);
  }

  /** @returns Item ids, as they are until the next change. */
  ascending(): Int32Array {
    return this.itemIds.view();
  }
}
