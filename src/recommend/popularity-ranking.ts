/** Items sorted by their number of interactions. A change moves one item. */

/**
 * The high half of an item's key falls as its count rises, so that keys ascend as items are ranked. The low half is the item's id, or falls
 * as the id rises where nothing was done with the item yet: a shop that opens shows what came last.
 */
const [ID, COUNT] = [0, 1];
const MAX = 0xffffffff;

export class PopularityRanking {
  /** Most interactions first; of equal items the older one, and of those without any the newer one. Those up to `length` count. */
  private keys: BigUint64Array;
  /** The halves of the keys, two words each. */
  private halves: Uint32Array;
  length = 0;

  /** @param counts - Item id → number of interactions. */
  constructor(counts: ReadonlyMap<number, number> = new Map()) {
    this.keys = new BigUint64Array(Math.max(16, counts.size));
    this.halves = new Uint32Array(this.keys.buffer);
    for (const [itemId, count] of counts) this.write(this.length++, itemId, count);
    this.keys.subarray(0, this.length).sort();
  }

  /** @param place - 0: the most popular item. */
  at(place: number): number {
    const low = this.halves[2 * place + ID];
    return this.halves[2 * place + COUNT] === MAX ? MAX - low : low;
  }

  add(itemId: number, count: number): void {
    if (this.length === this.keys.length) this.grow();
    const place = this.placeOf(itemId, count);
    this.keys.copyWithin(place + 1, place, this.length++);
    this.write(place, itemId, count);
  }

  /** @param count - The one that it was added with. */
  remove(itemId: number, count: number): void {
    const place = this.placeOf(itemId, count);
    this.keys.copyWithin(place, place + 1, this.length--);
  }

  /** @param from - The count that it was added with. */
  move(itemId: number, from: number, to: number): void {
    const [place, next] = [this.placeOf(itemId, from), this.placeOf(itemId, to)];
    if (next <= place) this.keys.copyWithin(next + 1, next, place);
    else this.keys.copyWithin(place, place + 1, next);
    this.write(next <= place ? next : next - 1, itemId, to);
  }

  /** @returns The place of the item, or the one that it would have. */
  private placeOf(itemId: number, count: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const behind = this.halves[2 * middle + COUNT] - (MAX - count);
      if (behind < 0 || (behind === 0 && this.halves[2 * middle + ID] < lowHalf(itemId, count))) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private write(place: number, itemId: number, count: number): void {
    this.halves[2 * place + ID] = lowHalf(itemId, count);
    this.halves[2 * place + COUNT] = MAX - count;
  }

  private grow(): void {
    const keys = new BigUint64Array(2 * this.keys.length);
    keys.set(this.keys);
    this.keys = keys;
    this.halves = new Uint32Array(keys.buffer);
  }
}

function lowHalf(itemId: number, count: number): number {
  return count === 0 ? MAX - itemId : itemId;
}
