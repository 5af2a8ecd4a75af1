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
    const copy = values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength) as ArrayBuffer;
    tensors[name] = { shape, data: dtype === 'F32' ? new Float32Array(copy) : new Int32Array(copy) };
  }
  return tensors;
}
