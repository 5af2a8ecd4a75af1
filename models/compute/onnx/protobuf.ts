/**
 * Writes protocol buffers: the wire format's varints, fixed32 and length-delimited fields, no more.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 */

const enum WireType {
  Varint = 0,
  Bytes = 2,
  Fixed32 = 5,
}

/** One message under construction. Fields appear in the order they are written. */
export class ProtobufMessage {
  private readonly parts: Uint8Array[] = [];
  private sizeBytes = 0;

  /** @param value - A whole number; negative ones are written as 64-bit two's complement, as int64 wants. */
  integer(field: number, value: number): this {
    return this.tag(field, WireType.Varint).varint(value);
  }

  integers(field: number, values: readonly number[]): this {
    const packed = new ProtobufMessage();
    for (const value of values) packed.varint(value);
    return this.bytes(field, packed.finish());
  }

  float(field: number, value: number): this {
    return this.tag(field, WireType.Fixed32).append(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.tag(field, WireType.Bytes).varint(value.byteLength).append(value);
  }

  message(field: number, value: ProtobufMessage): this {
    this.tag(field, WireType.Bytes).varint(value.sizeBytes);
    for (const part of value.parts) this.append(part);
    return this;
  }

  /** @returns The message in one piece, in memory from `allocate`. Byte arrays given before are copied only now. */
  finish(allocate = (size: number) => new Uint8Array(size)): Uint8Array<ArrayBuffer> {
    const result = allocate(this.sizeBytes);
    let offset = 0;
    for (const part of this.parts) {
      result.set(part, offset);
      offset += part.byteLength;
    }
    return result;
  }

  private tag(field: number, wireType: WireType): this {
    return this.varint(field * 8 + wireType);
  }

  private varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.append(Uint8Array.from(bytes));
  }

  private append(part: Uint8Array): this {
    this.parts.push(part);
    this.sizeBytes += part.byteLength;
    return this;
  }
}
