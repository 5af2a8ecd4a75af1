/**
 * Tensors as bytes: a JSON header, then the raw little-endian values.
 *
 * Source: the safetensors format, https://github.com/huggingface/safetensors#format.
 */
import type { HostTensor, HostTensors } from '../compute/device';
import { CheckpointError } from './checkpoint-error';

interface TensorHeader {
  readonly dtype: 'F32' | 'I32';
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

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
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

/**
 * @param bytes - On memory that threads share, the tensors stay where they are; else each gets memory of its own.
 * @param path - Of the file, for the message.
 * @throws {CheckpointError} When the header is longer than the file.
 */
export function decodeTensors(bytes: Buffer, path: string): HostTensors {
  const headerEnd = 8 + Number(bytes.readBigUInt64LE(0));
  if (headerEnd > bytes.length)
    throw new CheckpointError(`${path}: expected a header of ${headerEnd} bytes, got ${bytes.length} bytes in all`);
  const header = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Record<string, TensorHeader>;
  const tensors: Record<string, HostTensor> = {};
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    const [from, to] = data_offsets;
    const values = bytes.subarray(headerEnd + from, headerEnd + to);
    tensors[name] = { shape, data: numbersIn(values, dtype === 'F32' ? Float32Array : Int32Array) };
  }
  return tensors;
}

type NumberArray = new (buffer: ArrayBufferLike, from?: number, length?: number) => HostTensor['data'];

const BYTES_A_NUMBER = 4;

function numbersIn({ buffer, byteOffset, byteLength }: Buffer, type: NumberArray): HostTensor['data'] {
  const isInPlace = buffer instanceof SharedArrayBuffer && byteOffset % BYTES_A_NUMBER === 0;
  return isInPlace
    ? new type(buffer, byteOffset, byteLength / BYTES_A_NUMBER)
    : new type(buffer.slice(byteOffset, byteOffset + byteLength));
}
