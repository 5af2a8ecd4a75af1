/** Puts large data into a form that crosses threads without being copied item by item: shared memory, moved buffers, packed texts. */

import type { InteractionLog } from '../../models/data/interactions';
import { packTexts, unpackTexts } from '../../models/math/packed-texts';
import { Rows } from '../../models/math/rows';
import { codeTableOf } from '../../models/semantic-id/semantic-ids';
import type { SearchedModel } from '../../models/training/measure-model';
import type { PackedModel, TrainLog } from './messages';

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
