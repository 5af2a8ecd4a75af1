/** Puts large data into a form that crosses threads without being copied item by item: shared memory, moved buffers, packed texts. */

import type { InteractionLog } from '../../models/data/interactions';
import { GrowingArray } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { codeTableOf } from '../../models/semantic-id/semantic-ids';
import type { SearchedModel } from '../../models/training/measure-model';
import type { PackedModel, PackedTexts, TrainLog } from './messages';

type NumberArray = Int32Array | Uint32Array | Float32Array | Float64Array | Uint8Array;

/** @returns A copy on memory that threads share. A thread that gets one must not change it. */
export function sharedArray<T extends NumberArray>(array: T): T {
  const buffer = new SharedArrayBuffer(array.byteLength);
  const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(buffer);
  copy.set(array);
  return copy;
}

/** @param data - Plain data. @returns The same, with all its arrays of numbers on shared memory. */
export function onSharedMemory<T>(data: T): T {
  if (ArrayBuffer.isView(data)) return sharedArray(data as unknown as NumberArray) as T;
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(onSharedMemory) as T;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, onSharedMemory(value)])) as T;
}

/** @param data - Plain data. @returns The buffers of all its arrays of numbers, each once, but for those that threads share. */
export function buffersOf(data: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(data);
  return [...found];
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

export function packLog(log: InteractionLog): TrainLog {
  return { ...log, userKeys: packTexts(log.userKeys) };
}

export function unpackLog(log: TrainLog): InteractionLog {
  return { ...log, userKeys: unpackTexts(log.userKeys) };
}

/**
 * @returns The same model, with all large arrays on shared memory but for the weights: each thread needs a copy of these, since ONNX
 *   Runtime takes no inputs from there.
 */
export function packModel({ weights, itemTexts, evaluation, ...model }: SearchedModel): PackedModel {
  const { semanticIds, log, ...others } = evaluation;
  const { codes, idLength } = codeTableOf(model.itemIds, semanticIds);
  const packed = { ...others, log: packLog(log), codes, idLength };
  return { ...onSharedMemory({ ...model, evaluation: packed }), weights, itemTexts };
}

export function unpackModel({ evaluation, ...model }: PackedModel): SearchedModel {
  const { log, codes, idLength, ...others } = evaluation;
  const semanticIds = new Rows(codes, idLength).lists();
  return { ...model, evaluation: { ...others, log: unpackLog(log), semanticIds } };
}
