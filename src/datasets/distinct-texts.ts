/** Ids of items, users and events, a few bytes each: in a Set or a Map, a million takes a hundred megabytes. */
import { TextPacker } from '../../models/math/packed-texts';

const FIRST_SLOTS = 1024;

/** Texts, each once, in the order in which they first appear: a hash table with open addressing over packed texts. */
export class DistinctTexts {
  private readonly texts = new TextPacker();
  /** Numbers of texts from 1; 0: free. At most half of the slots are taken. */
  private slots = new Int32Array(FIRST_SLOTS);

  get count(): number {
    return this.texts.count;
  }

  at(index: number): string {
    return this.texts.at(index);
  }

  has(text: string): boolean {
    return this.slots[this.slotOf(text)] !== 0;
  }

  /** @returns Its number from 0, given to it now or before. */
  add(text: string): number {
    const slot = this.slotOf(text);
    if (this.slots[slot] !== 0) return this.slots[slot] - 1;
    this.texts.add(text);
    this.slots[slot] = this.count;
    if (2 * this.count > this.slots.length) this.grow();
    return this.count - 1;
  }

  /** @returns The text's slot, or the free one where it would stand. */
  private slotOf(text: string): number {
    const last = this.slots.length - 1;
    let slot = hashOf(text) & last;
    while (this.slots[slot] !== 0 && this.at(this.slots[slot] - 1) !== text) slot = (slot + 1) & last;
    return slot;
  }

  private grow(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    for (let index = 0; index < this.count; index++) this.slots[this.slotOf(this.at(index))] = index + 1;
  }
}

/** FNV-1a, over UTF-16 units. Source: Fowler, Noll & Vo (RFC 9923). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
