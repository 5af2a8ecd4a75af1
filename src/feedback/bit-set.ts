/** A set of small whole numbers, such as ids of items: bit i of byte j is set for 8j + i. */
export class BitSet {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether a value was added that it did not have. */
  isGrown = false;

  constructor(bytes: Uint8Array | null = null) {
    this.bytes = Uint8Array.from(bytes ?? []);
  }

  add(value: number): void {
    this.reach((value >> 3) + 1);
    const byte = this.bytes[value >> 3];
    this.bytes[value >> 3] |= 1 << (value & 7);
    this.isGrown ||= this.bytes[value >> 3] !== byte;
  }

  addAll(bytes: Uint8Array | null): void {
    this.reach(bytes?.length ?? 0);
    bytes?.forEach((byte, at) => (this.bytes[at] |= byte));
  }

  /** Ascending. */
  values(): number[] {
    const values: number[] = [];
    this.bytes.forEach((byte, at) => {
      for (let bit = 0; byte >> bit > 0; bit++) if ((byte >> bit) & 1) values.push(8 * at + bit);
    });
    return values;
  }

  private reach(length: number): void {
    if (length <= this.bytes.length) return;
    const longer = new Uint8Array(length);
    longer.set(this.bytes);
    this.bytes = longer;
  }
}
