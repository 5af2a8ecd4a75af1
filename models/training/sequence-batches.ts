/** Turns histories into training batches of few shapes: token arrays for the encoder, codes for the decoder. */
import type { HostTensors } from '../compute/device';
import { createRandom, type Random } from '../random';
import { leadTokens, sourceLength, type Seq2Seq, type SlotView } from '../seq2seq/transformer';
import { PAD_TOKEN, userToken, writeItemTokens } from '../seq2seq/vocabulary';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { InteractionLog, Split } from './interactions';

/** A stretch of one user's history and the items to be written after it, as rows of the item table, oldest first. */
interface Example {
  readonly userKey: string;
  readonly source: Int32Array;
  readonly targets: Int32Array;
}

export interface SequenceBatch {
  /** What each target sees of the source: see `decode`. */
  readonly view: SlotView;
  /** `tokens` int32 `[B, S]`, `mask` float32 `[B, S]`, `targets` int32 `[B, T, depth]`, `weights` float32 `[B, T]` (0: padding). */
  readonly inputs: HostTensors;
  /** Real targets in the batch. */
  readonly numTargets: number;
}

export interface BatchSource {
  readonly model: Seq2Seq;
  readonly log: InteractionLog;
  readonly split: Split;
  /** Of each item row. */
  readonly semanticIds: readonly SemanticId[];
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * All batches of one epoch, in a random order that seed and epoch decide.
 *
 * - item-causal encoder: every window of a history trains all its positions in one pass;
 * - bidirectional encoder: every position is an example of its own, as in the paper;
 * - where histories are made of baskets, every basket is also told from the ones before it, as the held-out one will be,
 *   and the order inside a basket is drawn anew each epoch.
 */
export function epochBatches(source: BatchSource, epoch: number): SequenceBatch[] {
  const random = createRandom(source.seed, epoch + 1);
  const log = source.split.rule === 'last-basket' ? shuffleBaskets(source.log, random) : source.log;
  const batches: SequenceBatch[] = [];
  for (const [view, examples] of examplesByView(source, log)) {
    for (const group of groupByShape(view, examples, source.model.config.maxHistory).values()) {
      shuffle(group, random);
      for (let at = 0; at < group.length; at += source.batchSize) {
        batches.push(toBatch(source, view, group.slice(at, at + source.batchSize)));
      }
    }
  }
  shuffle(batches, random);
  return batches;
}

function examplesByView({ model, split }: BatchSource, log: InteractionLog): Map<SlotView, Example[]> {
  const { encoder, maxHistory } = model.config;
  const examples = new Map<SlotView, Example[]>([
    ['earlier', []],
    ['all', []],
  ]);
  for (let user = 0; user < log.userKeys.length; user++) {
    const [start, end] = [log.offsets[user], split.trainEnd[user]];
    if (split.rule === 'last-basket') examples.get('all')?.push(...basketExamples(log, user, start, end, maxHistory));
    if (encoder === 'item-causal') examples.get('earlier')?.push(...windows(log, user, start, end, maxHistory));
    else if (split.rule === 'leave-one-out') examples.get('all')?.push(...positions(log, user, start, end, maxHistory));
  }
  return examples;
}

/** Windows of at most `maxHistory` sources, newest first; target i is the item after source i. */
function windows(log: InteractionLog, user: number, start: number, end: number, maxHistory: number): Example[] {
  const found: Example[] = [];
  for (let to = end; to - start >= 2; to -= maxHistory) {
    const from = Math.max(start, to - maxHistory - 1);
    found.push(example(log, user, [from, to - 1], [from + 1, to]));
  }
  return found;
}

function positions(log: InteractionLog, user: number, start: number, end: number, maxHistory: number): Example[] {
  const found: Example[] = [];
  for (let at = start + 1; at < end; at++)
    found.push(example(log, user, [Math.max(start, at - maxHistory), at], [at, at + 1]));
  return found;
}

function basketExamples(log: InteractionLog, user: number, start: number, end: number, maxHistory: number): Example[] {
  const found: Example[] = [];
  for (let from = start; from < end;) {
    let to = from + 1;
    while (to < end && log.times[to] === log.times[from]) to++;
    for (let at = from; at < to && from > start; at += maxHistory) {
      found.push(example(log, user, [Math.max(start, from - maxHistory), from], [at, Math.min(to, at + maxHistory)]));
    }
    from = to;
  }
  return found;
}

function example(log: InteractionLog, user: number, source: [number, number], targets: [number, number]): Example {
  return {
    userKey: log.userKeys[user],
    source: log.items.subarray(...source),
    targets: log.items.subarray(...targets),
  };
}

/** Examples whose source and targets round up to the same lengths are trained together. */
function groupByShape(view: SlotView, examples: readonly Example[], maxHistory: number): Map<string, Example[]> {
  const groups = new Map<string, Example[]>();
  for (const one of examples) {
    const key = `${sourceBucket(one.source.length, maxHistory)}:${slotBucket(view, one.targets.length, maxHistory)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** Most histories are short and padding costs as much as items do: an eighth, a quarter, a half or all of the longest. */
function sourceBucket(items: number, maxHistory: number): number {
  return [8, 4, 2, 1].map((part) => Math.ceil(maxHistory / part)).find((bucket) => items <= bucket) ?? maxHistory;
}

/** In a window there is a target a source item. Else a target costs little beside its source, and each shape is compiled. */
function slotBucket(view: SlotView, targets: number, maxHistory: number): number {
  if (view === 'earlier') return sourceBucket(targets, maxHistory);
  return [1, Math.ceil(maxHistory / 4)].find((bucket) => targets <= bucket) ?? maxHistory;
}

/** Sources and targets stand at the end of their rows; rows that the last examples do not fill have weight 0. */
function toBatch(source: BatchSource, view: SlotView, examples: readonly Example[]): SequenceBatch {
  const { model, semanticIds, batchSize } = source;
  const { config, vocabulary } = model;
  const { depth } = vocabulary;
  const length = sourceLength(model, sourceBucket(examples[0].source.length, config.maxHistory));
  const slots = slotBucket(view, examples[0].targets.length, config.maxHistory);
  const tokens = new Int32Array(batchSize * length).fill(PAD_TOKEN);
  const mask = new Float32Array(batchSize * length);
  const targets = new Int32Array(batchSize * slots * depth);
  const weights = new Float32Array(batchSize * slots);
  examples.forEach((one, row) => {
    const end = (row + 1) * length;
    const first = end - one.source.length * depth;
    if (leadTokens(config) > 0) {
      tokens[row * length] = userToken(vocabulary, one.userKey);
      mask[row * length] = 1;
    }
    one.source.forEach((item, i) => writeItemTokens(vocabulary, semanticIds[item], tokens, first + i * depth));
    mask.fill(1, first, end);
    const firstSlot = (row + 1) * slots - one.targets.length;
    one.targets.forEach((item, i) => targets.set(semanticIds[item], (firstSlot + i) * depth));
    weights.fill(1, firstSlot, firstSlot + one.targets.length);
  });
  return {
    view,
    numTargets: examples.reduce((sum, one) => sum + one.targets.length, 0),
    inputs: {
      tokens: { shape: [batchSize, length], data: tokens },
      mask: { shape: [batchSize, length], data: mask },
      targets: { shape: [batchSize, slots, depth], data: targets },
      weights: { shape: [batchSize, slots], data: weights },
    },
  };
}

/** @returns The log with the items of each basket in a new order. */
function shuffleBaskets(log: InteractionLog, random: Random): InteractionLog {
  const items = log.items.slice();
  for (let user = 0; user < log.userKeys.length; user++) {
    const end = log.offsets[user + 1];
    for (let from = log.offsets[user]; from < end;) {
      let to = from + 1;
      while (to < end && log.times[to] === log.times[from]) to++;
      random.shuffle(items.subarray(from, to));
      from = to;
    }
  }
  return { ...log, items };
}

function shuffle<T>(entries: T[], random: Random): void {
  const order = Array.from(entries.keys());
  random.shuffle(order);
  const before = [...entries];
  order.forEach((from, to) => (entries[to] = before[from]));
}
