/** Reads the tensors of a file for several threads: small ones to memory that they share, large tables stay where they are. */
import type { FileHandle } from 'node:fs/promises';

import type { HostTensor } from '../compute/device';
import type { ExpectedFile, FileTensors } from './checkpoint';
import { checkHash, hashOf, withPlainFile } from './plain-file';
import { headerEnd, LENGTH_BYTES, numbersOn, tensorPlaces, type TensorPlace } from './safetensors';
import type { StoredTensor } from './stored-tensor';

/** Whether a tensor stays in its file. */
export type StaysStored = (group: string, name: string, place: TensorPlace) => boolean;

/**
 * The file is read once to be verified, so that only what stays in memory takes some. A thread that gets a tensor must not change it.
 *
 * @throws {CheckpointError} As `loadCheckpoint`.
 */
export function readSharedTensors(
  path: string,
  { group, hash, maxBytes }: ExpectedFile,
  stays: StaysStored,
): Promise<FileTensors> {
  return withPlainFile(path, maxBytes, async (file) => {
    checkHash(path, await hashOf(file), hash);
    const tensors: Record<string, HostTensor> = {};
    const stored: Record<string, StoredTensor> = {};
    for (const [name, place] of Object.entries(await placesIn(file, path))) {
      if (stays(group, name, place)) stored[name] = { path, ...place };
      else tensors[name] = { shape: place.shape, data: await readShared(file, place) };
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

async function readShared(file: FileHandle, { position, byteLength, dtype }: TensorPlace): Promise<HostTensor['data']> {
  const memory = new SharedArrayBuffer(byteLength);
  const bytes = new Uint8Array(memory);
  for (let at = 0; at < byteLength;) {
    const { bytesRead } = await file.read(bytes, at, byteLength - at, position + at);
    if (bytesRead === 0) throw new Error('the file was cut while it was read');
    at += bytesRead;
  }
  return numbersOn(memory, dtype);
}
