/** Histories as the encoder reads them: tokens by position, padded at the front to few lengths. */
import type { HostTensors } from '../compute/device';
import type { Seq2SeqConfig } from '../config';
import { rowOfKind } from '../data/kinds';
import { Rows } from '../math/rows';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { gapBucket } from './gaps';
import type { Seq2SeqParams } from './parameters';
import { PAD_TOKEN, userToken, writeItemTokens, type Vocabulary } from './vocabulary';

/** A sequence model: everything that its functions need besides tokens. With item vectors it has an item head too. */
export interface Seq2Seq {
  readonly config: Seq2SeqConfig;
  readonly vocabulary: Vocabulary;
  readonly params: Seq2SeqParams;
}

/** The parts of a model that the length of a source depends on. */
export type SourceLayout = Pick<Seq2Seq, 'config' | 'vocabulary'>;

/** Row of the item vectors for every item without a vector of its own. */
export const UNKNOWN_ITEM = 0;

/** An item of a history. */
export interface SourceItem {
  readonly codes: SemanticId;
  /** Its row of the item vectors; read only by a model that has them. */
  readonly row: number;
}

/** An event of a history. */
export interface SourceEvent extends SourceItem {
  /** Index of its kind: see `KINDS`. */
  readonly kind: number;
  /** When it was, in milliseconds since the epoch. */
  readonly at: number;
}

/** Positions before the first item of a source: one if the model has user tokens, else none. */
export function leadPositions({ userTokens }: Seq2SeqConfig): number {
  return userTokens > 0 ? 1 : 0;
}

/** Tokens per position: the bidirectional encoder reads code by code, the item-causal one item by item. */
export function tokensPerPosition({ config, vocabulary }: SourceLayout): number {
  return config.encoder === 'item-causal' ? vocabulary.idLength : 1;
}

/** @returns Source length S, in positions, of a history with so many items. */
export function sourceLength(layout: SourceLayout, items: number): number {
  const positionsPerItem = layout.vocabulary.idLength / tokensPerPosition(layout);
  return leadPositions(layout.config) + items * positionsPerItem;
}

/** An item to predict. */
export interface TargetItem extends SourceItem {
  /** Its weight in the loss. */
  readonly weight: number;
}

/** A batch of sources that is being filled. Items are at the end of a row, so that the newest is always last. */
export class SourceBatch {
  private readonly length: number;
  private readonly perPosition: number;
  private readonly tokens: Int32Array;
  private readonly mask: Float32Array;
  private readonly items: Int32Array;
  private readonly kinds: Int32Array;
  private readonly gaps: Int32Array;

  /** @param slots - For how many items each row has room. */
  constructor(
    private readonly model: Seq2Seq,
    private readonly batch: number,
    slots: number,
  ) {
    this.length = sourceLength(model, slots);
    this.perPosition = tokensPerPosition(model);
    this.tokens = new Int32Array(batch * this.length * this.perPosition).fill(PAD_TOKEN);
    this.mask = new Float32Array(batch * this.length);
    this.items = new Int32Array(batch * this.length).fill(UNKNOWN_ITEM);
    this.kinds = new Int32Array(batch * this.length);
    this.gaps = new Int32Array(batch * this.length);
  }

  /** @param userKey - Null: an anonymous history. */
  write(row: number, userKey: string | null, history: readonly SourceEvent[]): void {
    const { vocabulary, config } = this.model;
    const start = row * this.length;
    if (leadPositions(config) > 0 && userKey !== null) {
      this.tokens[start * this.perPosition] = userToken(vocabulary, userKey);
      this.mask[start] = 1;
    }
    const positions = vocabulary.idLength / this.perPosition;
    const first = start + this.length - history.length * positions;
    history.forEach((event, i) => {
      const at = first + i * positions;
      writeItemTokens(vocabulary, event.codes, this.tokens, at * this.perPosition);
      this.items[at] = event.row;
      this.kinds[at] = rowOfKind(event.kind);
      this.gaps[at] = gapBucket(event.at, i === 0 ? null : history[i - 1].at);
    });
    this.mask.fill(1, first, start + this.length);
  }

  /**
   * @returns `tokens` int32 `[B, S]`, or `[B, S, idLength]` where the encoder reads item by item; `mask` float32 `[B, S]`, 1
   *   where a position is real; where the model has item vectors `items` int32 `[B, S]`, their rows; and where it reads events item by
   *   item their `kinds` and `gaps`, int32 `[B, S]`.
   */
  inputs(): HostTensors {
    const shape = [this.batch, this.length];
    const inputs = {
      tokens: { shape: this.perPosition === 1 ? shape : [...shape, this.perPosition], data: this.tokens },
      mask: { shape, data: this.mask },
    };
    const { itemVectors, kinds } = this.model.params;
    return {
      ...inputs,
      ...(itemVectors && { items: { shape, data: this.items } }),
      ...(kinds && { kinds: { shape, data: this.kinds }, gaps: { shape, data: this.gaps } }),
    };
  }
}

/** A batch of targets that is being filled. They are at the end of a row, as the items of a `SourceBatch` are. */
export class TargetBatch {
  private readonly codes: Rows<Int32Array>;
  private readonly items: Int32Array;
  private readonly weights: Float32Array;

  /** @param slots - For how many targets each row has room. */
  constructor(
    private readonly model: Seq2Seq,
    private readonly batch: number,
    private readonly slots: number,
  ) {
    const { idLength } = model.vocabulary;
    this.codes = new Rows(new Int32Array(batch * slots * idLength), idLength);
    this.items = new Int32Array(batch * slots);
    this.weights = new Float32Array(batch * slots);
  }

  write(row: number, targets: readonly TargetItem[]): void {
    const end = (row + 1) * this.slots;
    const first = end - targets.length;
    targets.forEach(({ codes, row: itemRow, weight }, i) => {
      this.codes.set(first + i, codes);
      this.items[first + i] = itemRow;
      this.weights[first + i] = weight;
    });
  }

  /**
   * @returns `targets` int32 `[B, T, idLength]`; `weights` float32 `[B, T]`, 0 for padding; and where the model has item vectors
   *   `targetItems` int32 `[B, T]`, their rows.
   */
  inputs(): HostTensors {
    const shape = [this.batch, this.slots];
    const inputs = {
      targets: { shape: [...shape, this.codes.dims], data: this.codes.values },
      weights: { shape, data: this.weights },
    };
    return this.model.params.itemVectors === null ? inputs : { ...inputs, targetItems: { shape, data: this.items } };
  }
}
