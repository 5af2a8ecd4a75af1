/** Makes training batches of few shapes from histories: token arrays for the encoder, codes for the decoder. */
import type { HostTensors } from '../compute/device';
import type { TrainingConfig } from '../config';
import { GrowingArray } from '../math/arrays';
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
 * Plans the batches of one epoch, in a random order that depends on seed and epoch only. A batch is made when it is asked for: all of them
 * together take gigabytes in a large shop.
 *
 * - Item-causal encoder: a window of a history trains all its positions in one pass.
 * - Bidirectional encoder: each position is an example of its own, as in the paper.
 * - Where histories consist of baskets, each basket is predicted from the ones before it, as the held-out basket is, and nothing
 *   else: what is bought together says too little of what is bought next. Only a shop with few second baskets also has the
 *   examples of other shops. The order inside a basket is drawn again in each epoch.
 */
export function epochBatches(source: BatchSource, sizes: BatchSizes, epoch: number): EpochBatches {
  const random = createRandom(source.seed, epoch + 1);
  const log = learnsBaskets(source.log, source.split) ? shuffleTies(source.log, random) : source.log;
  const planned: PlannedBatch[] = [];
  for (const [targetMask, examples] of examplesByMask(source, log)) {
    for (const { shape, group } of groupByShape(targetMask, examples, source.model.config.maxHistory)) {
      random.shuffle(group);
      const rows = rowsOf(sizes, shape.slots);
      for (let at = 0; at < group.length; at += rows) {
        const indices = group.subarray(at, at + rows);
        planned.push({ targetMask, examples, indices, shape, rows, random: random.fork() });
        for (let draws = drawsOf(source, examples.pick(indices)); draws > 0; draws--) random.next();
      }
    }
  }
  shuffle(planned, random);
  return new EpochBatches({ ...source, log }, planned);
}

/** A batch that is not made yet, and the numbers that it will draw. */
interface PlannedBatch {
  readonly targetMask: TargetMask;
  readonly examples: Examples;
  /** Of its own examples. */
  readonly indices: Int32Array;
  readonly shape: Shape;
  /** Rows without an example have weight 0. */
  readonly rows: number;
  readonly random: Random;
}

/** The batches of one epoch, each made anew whenever it is asked for. */
export class EpochBatches implements Iterable<SequenceBatch> {
  constructor(
    private readonly source: BatchSource,
    private readonly planned: readonly PlannedBatch[],
  ) {}

  get length(): number {
    return this.planned.length;
  }

  at(index: number): SequenceBatch {
    return toBatch(this.source, this.planned[index]);
  }

  *[Symbol.iterator](): Generator<SequenceBatch> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}

/** @returns How many targets an epoch has. */
export function targetsPerEpoch({ model, log, split }: Pick<BatchSource, 'log' | 'split'> & ModelConfig): number {
  return [...examplesByMask({ model, split }, log).values()].reduce((sum, examples) => sum + examples.numTargets(), 0);
}

interface ModelConfig {
  readonly model: Pick<Seq2Seq, 'config'>;
}

type Range = readonly [from: number, to: number];

/** Parts of histories, and what to write after each, oldest first: columns of positions in the log, since there are millions of them. */
class Examples {
  constructor(private readonly columns: readonly Int32Array[]) {}

  get count(): number {
    return this.columns[0].length;
  }

  user(index: number): number {
    return this.columns[0][index];
  }

  source(index: number): Range {
    return [this.columns[1][index], this.columns[2][index]];
  }

  targets(index: number): Range {
    return [this.columns[3][index], this.columns[4][index]];
  }

  numTargets(): number {
    return total(this.columns[3], this.columns[4]);
  }

  numSources(): number {
    return total(this.columns[1], this.columns[2]);
  }

  pick(indices: Int32Array): Examples {
    return new Examples(this.columns.map((column) => indices.map((index) => column[index])));
  }
}

function total(from: Int32Array, to: Int32Array): number {
  return to.reduce((sum, end, i) => sum + end - from[i], 0);
}

type AddExample = (source: Range, targets: Range) => void;
/** Adds the examples of a user, whose training part is `log[start … end)`. */
type AddExamples = (add: AddExample, log: InteractionLog, start: number, end: number, maxHistory: number) => void;

function examplesByMask(
  { model, split }: Pick<BatchSource, 'split'> & ModelConfig,
  log: InteractionLog,
): Map<TargetMask, Examples> {
  const { encoder, maxHistory } = model.config;
  const ofUsers = (addExamples: AddExamples) => {
    const columns = Array.from({ length: 5 }, () => new GrowingArray(Int32Array));
    for (let user = 0; user < log.userKeys.length; user++) {
      const add: AddExample = (source, targets) =>
        [user, ...source, ...targets].forEach((value, column) => columns[column].push(value));
      addExamples(add, log, ...trainingPart(log, split, user), maxHistory);
    }
    return new Examples(columns.map((column) => column.values()));
  };
  if (!learnsBaskets(log, split))
    return encoder === 'item-causal'
      ? new Map([['causal', ofUsers(windows)]])
      : new Map([['full', ofUsers(positions)]]);
  const baskets = ofUsers(basketExamples);
  if (encoder === 'bidirectional') return new Map([['full', baskets]]);
  const ofWindows = ofUsers(windows);
  const minTargets = Math.max(MIN_BASKET_TARGETS, MIN_BASKET_TARGET_SHARE * ofWindows.numTargets());
  const isEnough = baskets.numTargets() >= minTargets;
  return new Map([['full', baskets], ...(isEnough ? [] : ([['causal', ofWindows]] as const))]); // prettier-ignore
}

/** Windows of at most `maxHistory` sources, newest first; target i is the item after source i. */
function windows(add: AddExample, _log: InteractionLog, start: number, end: number, maxHistory: number): void {
  for (let to = end; to - start >= 2; to -= maxHistory) {
    const from = Math.max(start, to - maxHistory - 1);
    add([from, to - 1], [from + 1, to]);
  }
}

function positions(add: AddExample, _log: InteractionLog, start: number, end: number, maxHistory: number): void {
  for (let at = start + 1; at < end; at++) add([Math.max(start, at - maxHistory), at], [at, at + 1]);
}

function basketExamples(add: AddExample, log: InteractionLog, start: number, end: number, maxHistory: number): void {
  for (const [from, to] of simultaneous(log.times, start, end)) {
    if (from === start) continue; // nothing comes before the first basket
    for (let at = from; at < to; at += maxHistory)
      add([Math.max(start, from - maxHistory), from], [at, Math.min(to, at + maxHistory)]);
  }
}

/** Groups the examples whose source and targets round up to the same lengths; the groups in the order of their first examples. */
function groupByShape(targetMask: TargetMask, examples: Examples, maxHistory: number) {
  const groups = new Map<string, { readonly shape: Shape; readonly indices: GrowingArray<Int32Array> }>();
  for (let index = 0; index < examples.count; index++) {
    const shape = shapeOf(targetMask, examples.source(index), examples.targets(index), maxHistory);
    const key = `${shape.sources}:${shape.slots}`;
    if (!groups.has(key)) groups.set(key, { shape, indices: new GrowingArray(Int32Array) });
    groups.get(key)!.indices.push(index);
  }
  return [...groups.values()].map(({ shape, indices }) => ({ shape, group: indices.values() }));
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
function shapeOf(targetMask: TargetMask, source: Range, targets: Range, maxHistory: number): Shape {
  if (targetMask === 'causal') {
    const length = bucket(lengthOf(source), maxHistory, Math.SQRT2);
    return { sources: length, slots: length };
  }
  const slots = [1, Math.ceil(maxHistory / 4)].find((size) => lengthOf(targets) <= size) ?? maxHistory;
  return { sources: bucket(Math.max(lengthOf(source), maxHistory / 8), maxHistory, 2), slots };
}

function lengthOf([from, to]: Range): number {
  return to - from;
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

/** @returns How many random numbers a batch draws: see `toBatch`. */
function drawsOf({ model }: BatchSource, examples: Examples): number {
  return examples.numSources() + (leadPositions(model.config) > 0 ? examples.count : 0);
}

function toBatch(
  { model, log, semanticIds }: BatchSource,
  { targetMask, examples: all, indices, shape, rows, random: drawn }: PlannedBatch,
): SequenceBatch {
  const random = drawn.fork(); // the same numbers each time
  const examples = all.pick(indices);
  const histories = new SourceBatch(model, rows, shape.sources);
  const written = new TargetBatch(model, rows, shape.slots);
  const toRow = (item: number) => (random.next() < UNKNOWN_SHARE ? UNKNOWN_ITEM : item + 1);
  const hasUsers = leadPositions(model.config) > 0; // a model without user tokens draws nothing for them
  for (let row = 0; row < examples.count; row++) {
    const isAnonymous = hasUsers && random.next() < ANONYMOUS_SHARE;
    const read = eventsOf(log, ...examples.source(row));
    const history = Array.from(read.items, (item, i) => {
      return { codes: semanticIds[item], row: toRow(item), kind: read.kinds[i], at: read.times[i] };
    });
    histories.write(row, isAnonymous ? null : log.userKeys[examples.user(row)], history);
    const targets = eventsOf(log, ...examples.targets(row));
    const toWrite = Array.from(targets.items, (item, i) => {
      return { codes: semanticIds[item], row: item + 1, weight: ruleOf(targets.kinds[i], log.rules).weight };
    });
    written.write(row, toWrite);
  }
  return { targetMask, numTargets: examples.numTargets(), inputs: { ...histories.inputs(), ...written.inputs() } };
}

function shuffle<T>(entries: T[], random: Random): void {
  const order = Array.from(entries.keys());
  random.shuffle(order);
  const before = [...entries];
  order.forEach((from, to) => (entries[to] = before[from]));
}
