/** Many texts as two arrays of numbers: arrays move to another thread in no time, but strings are copied one by one. */

export interface PackedTexts {
  /** All texts, one after another, in UTF-8. */
  readonly bytes: Uint8Array;
  /** Text i ends before byte `ends[i]`. */
  readonly ends: Uint32Array;
}

/** @param texts - At most 4 GB in all. */
export function packTexts(texts: readonly string[]): PackedTexts {
  const encoded = texts.map((text) => Buffer.from(text));
  const ends = new Uint32Array(texts.length);
  let end = 0;
  encoded.forEach(({ length }, i) => (ends[i] = end += length));
  const bytes = new Uint8Array(end);
  encoded.forEach((each, i) => bytes.set(each, ends[i] - each.length));
  return { bytes, ends };
}

export function textAt({ bytes, ends }: PackedTexts, index: number): string {
  const start = index === 0 ? 0 : ends[index - 1];
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, ends[index] - start).toString();
}

export function unpackTexts(packed: PackedTexts): string[] {
  return Array.from(packed.ends, (_, index) => textAt(packed, index));
}
