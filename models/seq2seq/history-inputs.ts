/** Histories as the compiled encoder reads them: a batch of any number of users and any length. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { LRUCache } from 'lru-cache';

import type { CompileOptions, Device, HostTensors } from '../compute/device';
import { SourceBatch, type Seq2Seq, type SourceEvent } from './batches';
import { pickRows } from './item-scorer';
import { sourcePlans } from './position-bias';
import type { EncoderInputs } from './transformer';

/** A user's history, as the model reads it. */
export interface DecodeHistory {
  /** Hashed into a user token; null: an anonymous history. */
  readonly userKey: string | null;
  /** Oldest first; only the last `maxHistory` are read. */
  readonly items: readonly SourceEvent[];
}

/** Extents that differ from one batch to the next. */
export const HISTORY_EXTENTS: CompileOptions['freeExtents'] = {
  tokens: ['users', 'positions'],
  mask: ['users', 'positions'],
  kinds: ['users', 'positions'],
  gaps: ['users', 'positions'],
  itemVectors: ['users', 'positions'],
  encoderBuckets: ['positions', 'positions'],
  encoderHidden: ['positions', 'positions'],
  lastSlotBuckets: [null, 'positions'],
};

/** Plans of the lengths that came last are kept, in as many pairs of positions as take 8 MB. */
const MAX_PAIRS = 2 ** 20;

/** @returns A function that makes the encoder's inputs of a batch; `withItemVectors` makes a model's own of them. */
export function openHistoryInputs(model: Seq2Seq): (histories: readonly DecodeHistory[]) => HostTensors {
  const plans = new LRUCache<number, HostTensors>({
    maxSize: MAX_PAIRS,
    sizeCalculation: ({ encoderBuckets }) => encoderBuckets.data.length,
    memoMethod: (length) => planInputs(model, length),
  });
  return (histories) => {
    const source = sourceOf(model, histories);
    return { ...source, ...plans.memo(source.mask.shape[1]) };
  };
}

/** As many positions as the longest history needs. */
function sourceOf(model: Seq2Seq, histories: readonly DecodeHistory[]): HostTensors {
  const { maxHistory } = model.config;
  const longest = Math.max(...histories.map(({ items }) => items.length));
  const slots = Math.min(Math.max(longest, 1), maxHistory);
  const batch = new SourceBatch(model, histories.length, slots);
  histories.forEach(({ userKey, items }, row) => batch.write(row, userKey, items.slice(-slots)));
  return batch.inputs();
}

function planInputs(model: Seq2Seq, length: number): HostTensors {
  const { encoder, lastSlot } = sourcePlans(model, length);
  const pairs = [length, length];
  return {
    encoderBuckets: { shape: pairs, data: encoder.buckets },
    encoderHidden: { shape: pairs, data: encoder.hidden },
    ...(lastSlot !== null && { lastSlotBuckets: { shape: [1, length], data: lastSlot.buckets } }),
  };
}

/** @returns The inputs with a model's own vectors of the items, which its encoder reads. */
export function withItemVectors(
  device: Device,
  { params: { itemVectors } }: Seq2Seq,
  source: HostTensors,
): HostTensors {
  const { items, ...inputs } = source;
  if (itemVectors === null) return inputs;
  return { ...inputs, itemVectors: pickRows(device, itemVectors, items) };
}

/** @returns The same inputs, while the encoder is traced. */
export function encoderInputs(inputs: Record<string, Tensor>): EncoderInputs {
  const { tokens, mask, kinds, gaps, itemVectors, encoderBuckets, encoderHidden, lastSlotBuckets } = inputs;
  const plans = {
    encoder: { buckets: encoderBuckets, hidden: encoderHidden },
    lastSlot: lastSlotBuckets === undefined ? null : { buckets: lastSlotBuckets, hidden: null },
  };
  return { tokens, mask, kinds, gaps, itemVectors, plans };
}
