/** Scores every item known in training for a batch of users, by the item head and by texts, in pieces of the catalogue. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';

import type { Compiled, CompileOptions, Device, HostTensor, HostTensors } from '../compute/device';
import { MAX_HISTORY_TEXTS } from '../config';
import { joinArrays } from '../math/arrays';
import { logSumExp } from '../math/probability';
import { pickFrom, Rows } from '../math/rows';
import { rankTopK } from '../math/top-k';
import { historyDirection } from '../text/text-space';
import { type Seq2Seq, type SourceItem, UNKNOWN_ITEM } from './batches';
import { logSumOf, rowsFrom } from './item-head';

/** How many items one compiled function scores. While it is made, its part of the tables is in memory several times over. */
const ITEMS_A_PIECE = 1 << 16;
/** In a larger catalogue the tables are kept in 8 bits, which lie in the caches; in a smaller one they gain nothing. */
const MAX_EXACT_ITEMS = 1 << 12;
/** Nats below all other logits; finite, since a piece may have no live item. */
const FAR = 1e30;

/** How the items are scored that a list may have. */
export interface ItemWeighing {
  /** Nats that a cosine of 1 adds in the norms with texts, one number a user. */
  readonly textWeights: readonly number[];
  /** 1 for each item that counts in the norms, 0 for the others; float32 `[N]`. */
  readonly live: Float32Array;
}

/** Scores of some items by the item head and texts, for one user. A norm is the log of the sum of exponentials. */
export interface ItemScores {
  /** One logit an item, and probabilities are exp(logit − norm); null: the model has no item head. */
  readonly itemHead: { readonly logits: Float32Array; readonly norm: number; readonly normWithTexts: number } | null;
  /** One cosine an item of its text and the history's, and the norm of these times the text's weight; null: there are no texts. */
  readonly texts: { readonly cosines: Float32Array; readonly norm: number } | null;
}

/** Answers for one user. */
export interface UserScores {
  /** @returns Rows of the best items by either, `size` of each; none where there are too many to look at every item. */
  best(size: number, qualifies: (row: number) => boolean): number[];
  /** The norms are over all live items or, where there are too many, estimates of that. */
  among(rows: Int32Array): ItemScores;
  /** @returns The cosines of `among`; where there are too many items, 0 for a row that `among` was not asked about. */
  cosines(rows: Int32Array): Float32Array | null;
}

export interface ItemScorer {
  /** @param newest - The newest states of the histories; float32 `[B, D]`; null: the model has no item head. */
  score(
    newest: HostTensor | null,
    histories: readonly (readonly Pick<SourceItem, 'row'>[])[],
    weighing: ItemWeighing,
  ): Promise<(user: number) => UserScores>;
  dispose(): void;
}

interface ItemTables {
  /** float32 `[N + 1, D]`. */
  readonly vectors: Variable | null;
  /** Directions of the texts; float32 `[N + 1, F]`. */
  readonly texts: Variable | null;
}

/** @param texts - Directions of the items' texts, of row 0 zeros; float32 `[N + 1, F]`; null: there are none. */
export function openItemScorer(
  device: Device,
  { params: { itemVectors } }: Seq2Seq,
  texts: Variable | null,
  options: Pick<CompileOptions, 'frozen' | 'threads'>,
): ItemScorer {
  const pieces = compilePieces(device, { vectors: itemVectors, texts }, options);
  return {
    async score(newest, histories, { textWeights, live }) {
      const queries = {
        ...(newest && { newest }),
        ...(texts && {
          texts: textDirections(device, texts, histories),
          textWeights: { shape: [histories.length, 1], data: Float32Array.from(textWeights) },
        }),
      };
      const parts: HostTensors[] = [];
      for (const { begin, size, compiled } of pieces) {
        const ofPiece = live.subarray(begin - 1, begin - 1 + size);
        parts.push(await compiled.run({ ...queries, live: { shape: [size], data: ofPiece } }));
      }
      return (user) => ofAll(scoresOfUser(parts, user));
    },
    dispose: () => pieces.forEach(({ compiled }) => compiled.dispose()),
  };
}

/** @param scores - Of every item, by row. */
export function ofAll({ itemHead, texts }: ItemScores): UserScores {
  const cosines = (rows: Int32Array) => texts && pick(texts.cosines, rows);
  return {
    cosines,
    best: (size, qualifies) =>
      [itemHead?.logits, texts?.cosines].flatMap((values) => (values ? rankTopK(values, size, qualifies) : [])),
    among: (rows) => ({
      itemHead: itemHead && { ...itemHead, logits: pick(itemHead.logits, rows) },
      texts: texts && { ...texts, cosines: cosines(rows)! },
    }),
  };
}

/** In a plain loop: a list picks a thousand numbers. */
function pick(values: Float32Array, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

function scoresOfUser(parts: readonly HostTensors[], user: number): ItemScores {
  const [{ logits, cosines }] = parts.length === 0 ? [{} as HostTensors] : parts;
  const joined = (name: string) => {
    const rows = parts.map(({ [name]: { shape, data } }) => new Rows(data as Float32Array, shape[1]).row(user));
    return rows.length === 1 ? rows[0] : joinArrays(Float32Array, rows);
  };
  const norm = (name: string) => logSumExp(Float64Array.from(parts, ({ [name]: { data } }) => data[user]));
  return {
    itemHead:
      logits === undefined
        ? null
        : { logits: joined('logits'), norm: norm('norm'), normWithTexts: norm('normWithTexts') },
    texts: cosines === undefined ? null : { cosines: joined('cosines'), norm: norm('textNorm') },
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
  const rows = (tables.vectors ?? tables.texts)?.shape[0] ?? 1;
  const begins = Array.from({ length: Math.ceil((rows - 1) / ITEMS_A_PIECE) }, (_, i) => 1 + i * ITEMS_A_PIECE);
  const freeExtents = { newest: ['users'], texts: ['users'], textWeights: ['users'] };
  const eightBits = rows - 1 > MAX_EXACT_ITEMS;
  return begins.map((begin) => {
    const size = Math.min(ITEMS_A_PIECE, rows - begin);
    return {
      begin,
      size,
      compiled: device.compile((queries) => scoresOf(tables, queries, { begin, size }), {
        name: 'item-head',
        freeExtents,
        eightBits,
        ...options,
      }),
    };
  });
}

function scoresOf(
  tables: ItemTables,
  { newest, texts, textWeights, live }: Record<string, Tensor>,
  { begin, size }: Pick<Piece, 'begin' | 'size'>,
): Record<string, Tensor> {
  const scored = (queries: Tensor, table: Variable) =>
    tf.matMul(queries as Tensor2D, rowsFrom(table, begin, size), false, true);
  const scores: Record<string, Tensor> = {};
  let raised: Tensor | null = null;
  if (tables.texts !== null) {
    scores.cosines = scored(texts, tables.texts);
    raised = tf.mul(scores.cosines, textWeights);
    scores.textNorm = liveNorms(raised, live);
  }
  if (tables.vectors !== null) {
    scores.logits = scored(newest, tables.vectors);
    scores.norm = liveNorms(scores.logits, live);
    scores.normWithTexts = raised === null ? scores.norm : liveNorms(tf.add(scores.logits, raised), live);
  }
  return scores;
}

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

/**
 * @param textOf - Row of the texts' table → an item's direction.
 * @returns The direction of a history's newest texts: see `historyDirection`; float32 `[F]`.
 */
export function textDirection(
  history: readonly Pick<SourceItem, 'row'>[],
  textOf: (row: number) => Float32Array,
): Float32Array {
  const direction = new Float32Array(textOf(UNKNOWN_ITEM).length);
  historyDirection(
    history.slice(-MAX_HISTORY_TEXTS).map(({ row }) => textOf(row)),
    direction,
  );
  return direction;
}

function textDirections(
  device: Device,
  texts: Variable,
  histories: readonly (readonly Pick<SourceItem, 'row'>[])[],
): HostTensor {
  const rows = device.rows(texts);
  const textOf = (row: number) => rows.slice(row, row + 1);
  const directions = histories.map((history) => textDirection(history, textOf));
  return { shape: [histories.length, rows.dims], data: joinArrays(Float32Array, directions) };
}
