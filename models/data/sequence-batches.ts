/** Makes training batches of few shapes from histories: token arrays for the encoder, codes for the decoder. */
import type { HostTensors } from '../compute/device';
import type { TrainingConfig } from '../config';
import { groupBy } from '../math/arrays';
import { createRandom, type Random } from '../math/random';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { leadPositions, SourceBatch, UNKNOWN_ITEM, type Seq2Seq, TargetBatch } from '../seq2seq/batches';
import type { TargetMask } from '../seq2seq/position-bias';
import {
  eventsOf,
  learnsBaskets,
  shuffleTies,
  simultaneous,
  trainingPart,
  type Events,
  type InteractionLog,
  type Split,
} from './interactions';
import { ruleOf } from './kinds';

/** Share of the items read without their own vector, so that the model learns to read items by their codes too. */
const UNKNOWN_SHARE = 0.1;
/** Share of the examples read without their user's token, so that the model learns to read anonymous histories too. */
const ANONYMOUS_SHARE = 0.1;

/**
 * With a smaller share of all targets in second and later baskets, or with fewer of them, they are too few to learn from alone. The demo
 * shop, which trains best on them alone, has 5,050, a share of .09: see docs/choices.md.
 */
const MIN_BASKET_TARGET_SHARE = 0.05;
const MIN_BASKET_TARGETS = 2000;

/** A part of one user's history and what to write after it, oldest first. */
interface Example {
  readonly userKey: string;
  readonly source: Events;
  readonly targets: Events;
}

export interface SequenceBatch {
  /** The part of the source that each target may see: see `decode`. */
  readonly targetMask: TargetMask;
  /** `SourceBatch.inputs` and `TargetBatch.inputs`. */
  readonly inputs: HostTensors;
  /** Real targets in the batch. */
  readonly numTargets: number;
}

export type BatchSizes = Pick<TrainingConfig, 'batchSize' | 'microBatchSize'>;

export interface BatchSource {
  readonly model: Seq2Seq;
  readonly log: InteractionLog;
  readonly split: Split;
  /** One for each item row. */
  readonly semanticIds: readonly SemanticId[];
  readonly seed: number;
}

/**
 * Makes all batches of one epoch, in a random order that depends on seed and epoch only.
 *
 * - Item-causal encoder: a window of a history trains all its positions in one pass.
 * - Bidirectional encoder: each position is an example of its own, as in the paper.
 * - Where histories consist of baskets, each basket is predicted from the ones before it, as the held-out basket is, and nothing
 *   else: what is bought together says too little of what is bought next. Only a shop with few second baskets also has the
 *   examples of other shops. The order inside a basket is drawn again in each epoch.
 */
export function epochBatches(source: BatchSource, sizes: BatchSizes, epoch: number): SequenceBatch[] {
  const random = createRandom(source.seed, epoch + 1);
  const log = learnsBaskets(source.log, source.split) ? shuffleTies(source.log, random) : source.log;
  const batches: SequenceBatch[] = [];
  for (const [targetMask, examples] of examplesByMask(source, log)) {
    for (const group of groupByShape(targetMask, examples, source.model.config.maxHistory).values()) {
      shuffle(group, random);
      const rows = rowsOf(sizes, shapeOf(targetMask, group[0], source.model.config.maxHistory).slots);
      for (let at = 0; at < group.length; at += rows) {
        batches.push(toBatch(source, targetMask, group.slice(at, at + rows), rows, random));
      }
    }
  }
  shuffle(batches, random);
  return batches;
}

/** @returns How many targets an epoch has. */
export function targetsPerEpoch({ model, log, split }: Pick<BatchSource, 'log' | 'split'> & ModelConfig): number {
  return [...examplesByMask({ model, split }, log).values()].reduce((sum, examples) => sum + numTargets(examples), 0);
}

interface ModelConfig {
  readonly model: Pick<Seq2Seq, 'config'>;
}

function examplesByMask(
  { model, split }: Pick<BatchSource, 'split'> & ModelConfig,
  log: InteractionLog,
): Map<TargetMask, Example[]> {
  const { encoder, maxHistory } = model.config;
  const ofUsers = (examplesOf: typeof windows) =>
    log.userKeys.flatMap((_, user) => examplesOf(log, user, ...trainingPart(log, split, user), maxHistory));
  if (!learnsBaskets(log, split))
    return encoder === 'item-causal'
      ? new Map([['causal', ofUsers(windows)]])
      : new Map([['full', ofUsers(positions)]]);
  const baskets = ofUsers(basketExamples);
  if (encoder === 'bidirectional') return new Map([['full', baskets]]);
  const ofWindows = ofUsers(windows);
  const minTargets = Math.max(MIN_BASKET_TARGETS, MIN_BASKET_TARGET_SHARE * numTargets(ofWindows));
  const isEnough = numTargets(baskets) >= minTargets;
  return new Map([['full', baskets], ...(isEnough ? [] : ([['causal', ofWindows]] as const))]); // prettier-ignore
}

function numTargets(examples: readonly Example[]): number {
  return examples.reduce((sum, { targets }) => sum + targets.items.length, 0);
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
  for (const [from, to] of simultaneous(log.times, start, end)) {
    if (from === start) continue; // nothing comes before the first basket
    for (let at = from; at < to; at += maxHistory)
      found.push(example(log, user, [Math.max(start, from - maxHistory), from], [at, Math.min(to, at + maxHistory)]));
  }
  return found;
}

function example(log: InteractionLog, user: number, source: [number, number], targets: [number, number]): Example {
  return { userKey: log.userKeys[user], source: eventsOf(log, ...source), targets: eventsOf(log, ...targets) };
}

/** Groups the examples whose source and targets round up to the same lengths. */
function groupByShape(
  targetMask: TargetMask,
  examples: readonly Example[],
  maxHistory: number,
): Map<string, Example[]> {
  return groupBy(examples, (one) => {
    const { sources, slots } = shapeOf(targetMask, one, maxHistory);
    return `${sources}:${slots}`;
  });
}

interface Shape {
  /** Items that a source has room for. */
  readonly sources: number;
  /** Targets that an example has room for. */
  readonly slots: number;
}

/**
 * Padding costs as much as items do and most histories are short, so there are several shapes; each one is compiled, so there are
 * few. A window has one target per source item, and its lengths grow by √2. In the other examples a target costs little compared
 * with its source, and lengths double.
 */
function shapeOf(targetMask: TargetMask, { source, targets }: Example, maxHistory: number): Shape {
  if (targetMask === 'causal') {
    const length = bucket(source.items.length, maxHistory, Math.SQRT2);
    return { sources: length, slots: length };
  }
  const slots = [1, Math.ceil(maxHistory / 4)].find((size) => targets.items.length <= size) ?? maxHistory;
  return { sources: bucket(Math.max(source.items.length, maxHistory / 8), maxHistory, 2), slots };
}

/** The smallest of maxHistory, maxHistory / ratio, maxHistory / ratio² … that has room, rounded up. */
function bucket(items: number, maxHistory: number, ratio: number): number {
  let size = maxHistory;
  while (size / ratio >= items && size > 1) size /= ratio;
  return Math.ceil(size);
}

/** @returns Rows of a batch whose examples have so many slots: together about `batchSize` targets, in whole micro-batches. */
export function rowsOf({ batchSize, microBatchSize }: BatchSizes, slots: number): number {
  return (batchSize / microBatchSize) * Math.max(1, Math.floor(microBatchSize / slots));
}

/** Rows without an example have weight 0. */
function toBatch(
  source: BatchSource,
  targetMask: TargetMask,
  examples: readonly Example[],
  rows: number,
  random: Random,
): SequenceBatch {
  const { model, log, semanticIds } = source;
  const { sources, slots } = shapeOf(targetMask, examples[0], model.config.maxHistory);
  const histories = new SourceBatch(model, rows, sources);
  const written = new TargetBatch(model, rows, slots);
  const toRow = (item: number) => (random.next() < UNKNOWN_SHARE ? UNKNOWN_ITEM : item + 1);
  const hasUsers = leadPositions(model.config) > 0; // a model without user tokens draws nothing for them
  examples.forEach(({ userKey, source: read, targets }, row) => {
    const isAnonymous = hasUsers && random.next() < ANONYMOUS_SHARE;
    const history = Array.from(read.items, (item, i) => {
      return { codes: semanticIds[item], row: toRow(item), kind: read.kinds[i], at: read.times[i] };
    });
    histories.write(row, isAnonymous ? null : userKey, history);
    const toWrite = Array.from(targets.items, (item, i) => {
      return { codes: semanticIds[item], row: item + 1, weight: ruleOf(targets.kinds[i], log.rules).weight };
    });
    written.write(row, toWrite);
  });
  return { targetMask, numTargets: numTargets(examples), inputs: { ...histories.inputs(), ...written.inputs() } };
}

function shuffle<T>(entries: T[], random: Random): void {
  const order = Array.from(entries.keys());
  random.shuffle(order);
  const before = [...entries];
  order.forEach((from, to) => (entries[to] = before[from]));
}
