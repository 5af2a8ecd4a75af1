/**
 * Tensors as bytes: a JSON header, then the raw little-endian values.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors#format.
 */
import type { HostTensor, HostTensors } from '../compute/device';
import { CheckpointError } from './plain-file';

interface TensorHeader {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Where the values of a tensor lie. */
export interface TensorPlace extends Pick<TensorHeader, 'dtype' | 'shape'> {
  /** Position of the first byte in the file. */
  readonly position: number;
  readonly byteLength: number;
}

/** Before the header. */
export const LENGTH_BYTES = 8;

export function encodeTensors(tensors: HostTensors): Buffer {
  const header: Record<string, TensorHeader> = {};
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = {
      dtype: data instanceof Float32Array ? 'F32' : 'I32',
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

/**
 * @param bytes - The first of the file, `LENGTH_BYTES` at least.
 * @param size - Size of the file.
 * @returns How many bytes there are before the values.
 * @throws {CheckpointError} When these are more than the file has.
 */
export function headerEnd(bytes: Buffer, size: number, path: string): number {
  const end = LENGTH_BYTES + Number(bytes.readBigUInt64LE(0));
  if (end <= size) return end;
  throw new CheckpointError(`${path}: expected a header of ${end} bytes, got ${size} bytes in all`);
}

/** @param header - All bytes of the file before the values. */
export function tensorPlaces(header: Buffer): Record<string, TensorPlace> {
  const named = JSON.parse(header.toString('utf8', LENGTH_BYTES)) as Record<string, TensorHeader>;
  const places: Record<string, TensorPlace> = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(named)) {
    const [from, to] = data_offsets;
    places[name] = { dtype, shape, position: header.length + from, byteLength: to - from };
  }
  return places;
}

export function numbersOn(buffer: ArrayBufferLike, dtype: TensorPlace['dtype']): HostTensor['data'] {
  return dtype === 'F32' ? new Float32Array(buffer) : new Int32Array(buffer);
}
