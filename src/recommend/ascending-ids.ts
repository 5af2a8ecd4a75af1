/** Item ids in ascending order, each once. A change moves the ids above it and sorts nothing. */
import { placeOf } from '../../models/math/arrays';

export class AscendingIds {
  private ids: Int32Array;
  private length: number;

  /** @param itemIds - In any order, each once. */
  constructor(itemIds: Iterable<number>) {
    this.ids = Int32Array.from(itemIds).sort();
    this.length = this.ids.length;
  }

  add(itemId: number): void {
    const place = placeOf(this.view(), itemId);
    if (place < this.length && this.ids[place] === itemId) return;
    if (this.length === this.ids.length) this.grow();
    this.ids.copyWithin(place + 1, place, this.length++);
    this.ids[place] = itemId;
  }

  remove(itemId: number): void {
    const place = placeOf(this.view(), itemId);
    if (place < this.length && this.ids[place] === itemId) this.ids.copyWithin(place, place + 1, this.length--);
  }

  /** @returns The ids until the next change. */
  view(): Int32Array {
    return this.ids.subarray(0, this.length);
  }

  private grow(): void {
    const ids = new Int32Array(Math.max(16, 2 * this.length));
    ids.set(this.ids);
    this.ids = ids;
  }
}

/**
 * Checks some ids anew.
 *
 * @param touched - Ascending.
 * @param passing - Those of the touched ids that the list shall have; ascending.
 * @returns The list with the rest of it as it was; the list itself when nothing changes.
 */
export function rechecked(ids: Int32Array, touched: Int32Array, passing: Int32Array): Int32Array {
  const before = touched.filter((itemId) => ids[placeOf(ids, itemId)] === itemId);
  if (before.length === passing.length && before.every((itemId, i) => itemId === passing[i])) return ids;
  const next = new Int32Array(ids.length - before.length + passing.length);
  let [from, to, taken] = [0, 0, 0];
  for (const itemId of touched) {
    const place = placeOf(ids, itemId);
    next.set(ids.subarray(from, place), to);
    to += place - from;
    from = ids[place] === itemId ? place + 1 : place;
    if (passing[taken] === itemId) next[to++] = passing[taken++];
  }
  next.set(ids.subarray(from), to);
  return next;
}

/**
 * @param others - Null: all ids count.
 * @param qualifies - Asked about ids of both lists.
 * @returns The greatest `take` ids that both lists have and that qualify, ascending.
 */
export function greatestCommon(
  ids: Int32Array,
  others: Int32Array | null,
  take: number,
  qualifies: (itemId: number) => boolean,
): Int32Array {
  const found: number[] = [];
  let other = others === null ? -1 : others.length - 1;
  for (let at = ids.length - 1; at >= 0 && found.length < take; at--) {
    const itemId = ids[at];
    while (others !== null && other >= 0 && others[other] > itemId) other--;
    if (others !== null && other < 0) break;
    if ((others === null || others[other] === itemId) && qualifies(itemId)) found.push(itemId);
  }
  return Int32Array.from(found.reverse());
}
