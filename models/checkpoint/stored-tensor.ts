/**
 * Tensors that stay in their file. A server reads a few rows of them for each list; in memory, those of a large catalogue would take most
 * of what it has.
 */
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

import type { HostTensor } from '../compute/device';
import type { RowSource } from '../math/rows';
import { CheckpointError, openFile, checkHash, hashOf, withPlainFile } from './plain-file';
import { numbersOn, type TensorPlace, headerEnd, LENGTH_BYTES, tensorPlaces } from './safetensors';

/** Plain data, so it can cross threads. */
export interface StoredTensor extends TensorPlace {
  readonly path: string;
}

const BYTES_A_NUMBER = 4;

/** The files of some stored tensors, open until they are closed: so they can be read after somebody has removed them. */
export class TensorFiles {
  private constructor(private readonly files: ReadonlyMap<string, FileHandle>) {}

  /** @throws {CheckpointError} When one is not there any more. */
  static async open(tensors: readonly StoredTensor[]): Promise<TensorFiles> {
    const files = new Map<string, FileHandle>();
    try {
      for (const { path } of tensors) if (!files.has(path)) files.set(path, await openFile(path));
    } catch (error) {
      new TensorFiles(files).close();
      throw error;
    }
    return new TensorFiles(files);
  }

  floats(tensor: StoredTensor): StoredNumbers<Float32Array> {
    return this.numbers(tensor, 'F32');
  }

  integers(tensor: StoredTensor): StoredNumbers<Int32Array> {
    return this.numbers(tensor, 'I32');
  }

  /** @returns The tensor by its last axis. */
  rows(tensor: StoredTensor): StoredRows {
    const dims = tensor.shape.at(-1) ?? 1;
    return new StoredRows(this.floats(tensor), tensor.byteLength / BYTES_A_NUMBER / dims, dims);
  }

  close(): void {
    for (const file of this.files.values()) file.close().catch(() => undefined); // nothing was written
  }

  private numbers<T extends Float32Array | Int32Array>(
    tensor: StoredTensor,
    dtype: TensorPlace['dtype'],
  ): StoredNumbers<T> {
    if (tensor.dtype === dtype) return new StoredNumbers<T>(tensor, this.files.get(tensor.path)!);
    throw new CheckpointError(`${tensor.path}: expected a tensor of ${dtype}, got one of ${tensor.dtype}`);
  }
}

export class StoredNumbers<T extends Float32Array | Int32Array> {
  constructor(
    private readonly tensor: StoredTensor,
    private readonly file: FileHandle,
  ) {}

  /**
   * Reads without leaving the thread, which has nothing else to do then.
   *
   * @returns Numbers `begin … end-1`, in memory of their own.
   * @throws {CheckpointError} When somebody has cut the file meanwhile, or it cannot be read any more.
   */
  subarray(begin: number, end: number): T {
    const bytes = new Uint8Array((end - begin) * BYTES_A_NUMBER);
    for (let at = 0; at < bytes.length;) {
      const from = this.tensor.position + begin * BYTES_A_NUMBER + at;
      const read = this.readInto(bytes.subarray(at), from);
      if (read === 0) this.fail(`${bytes.length - at} bytes more from byte ${from} on`, 'none');
      at += read;
    }
    return numbersOn(bytes.buffer, this.tensor.dtype) as T;
  }

  private readInto(bytes: Uint8Array, position: number): number {
    try {
      return readSync(this.file.fd, bytes, 0, bytes.length, position);
    } catch (error) {
      return this.fail('a readable file', (error as NodeJS.ErrnoException).code ?? 'none');
    }
  }

  private fail(expected: string, got: string): never {
    throw new CheckpointError(`${this.tensor.path}: expected ${expected}, got ${got}`);
  }
}

export class StoredRows implements RowSource {
  constructor(
    private readonly numbers: StoredNumbers<Float32Array>,
    readonly count: number,
    readonly dims: number,
  ) {}

  slice(begin: number, end: number): Float32Array {
    return this.numbers.subarray(begin * this.dims, Math.min(end, this.count) * this.dims);
  }
}

/** Memory of a thread's own, or that threads share. */
export type TensorMemory = new (byteLength: number) => ArrayBufferLike;

/**
 * The file is read once to be verified, so that only what stays in memory takes some.
 *
 * @throws {CheckpointError} As `loadCheckpoint`.
 */
export function readTensors(
  path: string,
  { hash, maxBytes, Memory }: { readonly hash: string; readonly maxBytes: number; readonly Memory: TensorMemory },
  stays: (name: string, place: TensorPlace) => boolean,
): Promise<{ tensors: Record<string, HostTensor>; stored: Record<string, StoredTensor> }> {
  return withPlainFile(path, maxBytes, async (file) => {
    checkHash(path, await hashOf(file), hash);
    const tensors: Record<string, HostTensor> = {};
    const stored: Record<string, StoredTensor> = {};
    for (const [name, place] of Object.entries(await placesIn(file, path))) {
      if (stays(name, place)) stored[name] = { path, ...place };
      else tensors[name] = { shape: place.shape, data: await readInto(new Memory(place.byteLength), file, place) };
    }
    return { tensors, stored };
  });
}

async function placesIn(file: FileHandle, path: string): Promise<Record<string, TensorPlace>> {
  const start = Buffer.alloc(LENGTH_BYTES);
  await file.read(start, 0, start.length, 0);
  const header = Buffer.alloc(headerEnd(start, (await file.stat()).size, path));
  await file.read(header, 0, header.length, 0);
  return tensorPlaces(header);
}

async function readInto(
  memory: ArrayBufferLike,
  file: FileHandle,
  { position, byteLength, dtype }: TensorPlace,
): Promise<HostTensor['data']> {
  const bytes = new Uint8Array(memory);
  for (let at = 0; at < byteLength;) {
    const { bytesRead } = await file.read(bytes, at, byteLength - at, position + at);
    if (bytesRead === 0) throw new Error('the file was cut while it was read');
    at += bytesRead;
  }
  return numbersOn(memory, dtype);
}
