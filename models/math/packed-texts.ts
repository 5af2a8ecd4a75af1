/** Many texts as two arrays of numbers: a few bytes each, where a million strings take a hundred megabytes. */
import { GrowingArray } from './arrays';

export interface PackedTexts {
  /** All texts, one after another, in UTF-8. */
  readonly bytes: Uint8Array;
  /** Text i ends before byte `ends[i]`. */
  readonly ends: Uint32Array;
}

/** Arrays of numbers move to another thread in no time; strings are copied one by one. @param texts - At most 4 GB in all. */
export function packTexts(texts: Iterable<string>): PackedTexts {
  const packer = new TextPacker();
  for (const text of texts) packer.add(text);
  return packer.packed();
}

/** Packs texts that come one by one. */
export class TextPacker {
  private room = Buffer.alloc(1024);
  private end = 0;
  private readonly ends = new GrowingArray(Uint32Array);

  get count(): number {
    return this.ends.length;
  }

  at(index: number): string {
    return this.room.toString('utf8', index === 0 ? 0 : this.ends.at(index - 1), this.ends.at(index));
  }

  add(text: string): void {
    const length = Buffer.byteLength(text);
    if (this.end + length > this.room.length) this.grow(this.end + length);
    this.room.write(text, this.end);
    this.ends.push((this.end += length));
  }

  packed(): PackedTexts {
    return { bytes: Uint8Array.from(this.room.subarray(0, this.end)), ends: this.ends.values() };
  }

  private grow(least: number): void {
    const { room } = this;
    this.room = Buffer.alloc(Math.max(2 * room.length, least));
    room.copy(this.room, 0, 0, this.end);
  }
}

export function textAt({ bytes, ends }: PackedTexts, index: number): string {
  const start = index === 0 ? 0 : ends[index - 1];
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, ends[index] - start).toString();
}

export function unpackTexts(packed: PackedTexts): string[] {
  return Array.from(packed.ends, (_, index) => textAt(packed, index));
}
