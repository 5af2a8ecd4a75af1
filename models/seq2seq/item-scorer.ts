/** Scores every item known in training for a batch of users: the item head with its text half, in pieces of the catalogue. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';

import { type Compiled, type CompileOptions, type Device, hostScalar, type HostTensor } from '../compute/device';
import { HISTORY_DECAY, MAX_HISTORY_TEXTS } from '../config';
import type { NormedLogits } from '../decoding/evidence';
import { joinArrays } from '../math/arrays';
import { logSumExp } from '../math/probability';
import { pickFrom, Rows } from '../math/rows';
import { type Seq2Seq, type SourceItem, UNKNOWN_ITEM } from './batches';
import { logSumOf, rowsFrom } from './item-head';

/** How many items one compiled function scores. While it is made, its part of the tables is in memory several times over. */
const ITEMS_A_PIECE = 1 << 16;
/** In a larger catalogue the tables are kept in 8 bits: see docs/performance.md. */
const MAX_EXACT_ITEMS = 1 << 15;
/** Nats below all other logits; finite, since a piece may have no live item. */
const FAR = 1e30;

/** How the items are scored that a list may have. */
export interface ItemWeighing {
  /** Nats that a cosine of 1 adds to an item's logit; 0: the item head is without its text half. */
  readonly textWeight: number;
  /** 1 for each item that counts in the norm, 0 for the others; float32 `[N]`. */
  readonly live: Float32Array;
}

export interface ItemScorer {
  /**
   * @param newest - The newest states of the histories; float32 `[B, D]`.
   * @param weighing - Absent: no texts, and all items are live.
   * @returns The logits of a user, float32 `[N]`, and the log of the sum of the live items' exponentials.
   */
  score(
    newest: HostTensor,
    histories: readonly (readonly SourceItem[])[],
    weighing: Partial<ItemWeighing>,
  ): Promise<(user: number) => NormedLogits>;
  dispose(): void;
}

interface ItemTables {
  /** float32 `[N + 1, D]`. */
  readonly vectors: Variable;
  /** The text half; float32 `[N + 1, F]`; null: there is none. */
  readonly texts: Variable | null;
}

/** @returns Null for a model without an item head. */
export function openItemScorer(
  device: Device,
  { params: { itemVectors: vectors } }: Seq2Seq,
  texts: Variable | null,
  options: Pick<CompileOptions, 'frozen' | 'threads'>,
): ItemScorer | null {
  if (vectors === null) return null;
  const numItems = vectors.shape[0] - 1;
  const pieces = compilePieces(device, { vectors, texts }, options);
  const allLive = () => new Float32Array(numItems).fill(1);
  return {
    async score(newest, histories, { textWeight = 0, live = allLive() }) {
      const read = texts && {
        texts: pickRows(device, texts, textRows(histories)),
        textWeight: hostScalar(textWeight),
      };
      const parts: { readonly logits: Rows; readonly norms: ArrayLike<number> }[] = [];
      for (const { begin, size, compiled } of pieces) {
        const ofPiece = { shape: [size], data: live.subarray(begin - 1, begin - 1 + size) };
        const { logits, norms } = await compiled.run({ newest, ...read, live: ofPiece });
        parts.push({ logits: new Rows(logits.data as Float32Array, size), norms: norms.data });
      }
      return (user) => ({
        logits: joinArrays(
          Float32Array,
          parts.map(({ logits }) => logits.row(user)),
        ),
        norm: logSumExp(Float64Array.from(parts, ({ norms }) => norms[user])),
      });
    },
    dispose: () => pieces.forEach(({ compiled }) => compiled.dispose()),
  };
}

/** Scores the items of some rows of the tables, the first of which is `begin`. */
interface Piece {
  readonly begin: number;
  readonly size: number;
  /** For any number of users. */
  readonly compiled: Compiled;
}

function compilePieces(
  device: Device,
  tables: ItemTables,
  options: Pick<CompileOptions, 'frozen' | 'threads'>,
): Piece[] {
  const rows = tables.vectors.shape[0];
  const begins = Array.from({ length: Math.ceil((rows - 1) / ITEMS_A_PIECE) }, (_, i) => 1 + i * ITEMS_A_PIECE);
  const freeExtents = { newest: ['users'], texts: ['users'] };
  const eightBitTables = rows - 1 > MAX_EXACT_ITEMS;
  return begins.map((begin) => {
    const size = Math.min(ITEMS_A_PIECE, rows - begin);
    const score = ({ live, ...queries }: Record<string, Tensor>) => {
      const logits = logitsOf(tables, queries, { begin, size }, options.frozen);
      return { logits, norms: liveNorms(logits, live) };
    };
    return {
      begin,
      size,
      compiled: device.compile(score, { name: 'item-head', freeExtents, eightBitTables, ...options }),
    };
  });
}

/** The queries are weighed, and not the logits: those of all items are the largest arrays here. */
function logitsOf(
  { vectors, texts: itemTexts }: ItemTables,
  { newest, texts, textWeight }: Record<string, Tensor>,
  { begin, size }: Pick<Piece, 'begin' | 'size'>,
  isFrozen = false,
): Tensor {
  const ownVectors = rowsFrom(vectors, begin, size);
  if (itemTexts === null) return product(newest, ownVectors);
  const direction = tf.mul(historyDirections(texts), textWeight);
  const directions = rowsFrom(itemTexts, begin, size);
  // One product takes less time than a sum of two; but tables that are no constants would be joined at each run.
  if (isFrozen) return product(tf.concat([newest, direction], 1), tf.concat([ownVectors, directions], 1));
  return tf.add(product(newest, ownVectors), product(direction, directions));
}

const product = (queries: Tensor, table: Tensor) => tf.matMul(queries as Tensor2D, table as Tensor2D, false, true);

/** log Σ exp of the live items' logits, `[B, C]` and `[C]` → `[B]`. */
function liveNorms(logits: Tensor, live: Tensor): Tensor {
  const masked = tf.add(logits, tf.mul(tf.sub(live, 1), FAR));
  return logSumOf(masked, tf.softmax(masked));
}

/** @returns The table's rows that `items` names; float32 `[B, S, D]`. */
export function pickRows(device: Device, table: Variable, items: HostTensor): HostTensor {
  const size = table.shape[1]!;
  return { shape: [...items.shape, size], data: pickFrom(device.rows(table), items.data).values };
}

const EPSILON = 1e-12;

/** @returns Rows of the texts of each history's newest items, the newest last; int32 `[B, 20]`. */
export function textRows(histories: readonly (readonly SourceItem[])[]): HostTensor {
  const rows = new Rows(new Int32Array(histories.length * MAX_HISTORY_TEXTS).fill(UNKNOWN_ITEM), MAX_HISTORY_TEXTS);
  histories.forEach((items, i) => {
    const newest = items.slice(-MAX_HISTORY_TEXTS);
    rows.row(i).set(
      newest.map(({ row }) => row),
      MAX_HISTORY_TEXTS - newest.length,
    );
  });
  return { shape: [histories.length, MAX_HISTORY_TEXTS], data: rows.values };
}

/**
 * The direction of each history's texts, in which each step back counts less. Its product with an item's direction is their cosine.
 *
 * @param read - The directions of the history's items, the rows that `textRows` names; float32 `[B, 20, F]`.
 * @returns float32 `[B, F]`, of length 1; zeros where no item of the history has a text.
 */
export function historyDirections(read: Tensor): Tensor {
  const weights = Float32Array.from(
    { length: MAX_HISTORY_TEXTS },
    (_, i) => HISTORY_DECAY ** (MAX_HISTORY_TEXTS - 1 - i),
  );
  const sums = tf.sum(tf.mul(read, tf.tensor(weights, [1, MAX_HISTORY_TEXTS, 1])), 1); // → [B, F]
  const lengths = tf.sqrt(tf.add(tf.sum(tf.square(sums), -1, true), EPSILON));
  return tf.div(sums, lengths);
}
