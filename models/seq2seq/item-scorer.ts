/** Scores every item known in training for a batch of users: the item head with its text half, in pieces of the catalogue. */
import * as tf from '@tensorflow/tfjs';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { type Compiled, type CompileOptions, type Device, hostScalar, type HostTensor } from '../compute/device';
import { joinArrays } from '../math/join-arrays';
import { Rows } from '../math/rows';
import { itemLogits } from './item-head';
import { historyDirections, textRows } from './item-texts';
import type { Seq2Seq, SourceItem } from './source';

/** How many items one compiled function scores. While it is made, its part of the tables is in memory several times over. */
const ITEMS_A_PIECE = 1 << 16;

export interface ItemScorer {
  /**
   * @param newest - The newest states of the histories, from each model; float32 `[B, D]`, and B may be more than there are histories.
   * @param textWeight - Nats that a cosine of 1 adds to an item's logit.
   * @returns The logits of a user, float32 `[N]`.
   */
  score(
    newest: readonly HostTensor[],
    histories: readonly (readonly SourceItem[])[],
    textWeight: number,
  ): Promise<(user: number) => Float32Array>;
  dispose(): void;
}

interface ItemTables {
  /** Of each model; float32 `[N + 1, D]`. */
  readonly vectors: readonly Variable[];
  /** The text half; float32 `[N + 1, F]`; null: there is none. */
  readonly texts: Variable | null;
}

/** @returns Null for models without an item head. */
export function openItemScorer(
  device: Device,
  models: readonly Seq2Seq[],
  texts: Variable | null,
  options: Pick<CompileOptions, 'frozen' | 'threads'>,
): ItemScorer | null {
  const vectors = models.flatMap(({ params }) => params.itemVectors ?? []);
  if (vectors.length === 0) return null;
  const pieces = compilePieces(device, { vectors, texts }, options);
  return {
    async score(newest, histories, textWeight) {
      const queries = Object.fromEntries(newest.map((states, i) => [newestName(i), states]));
      const read = texts && {
        texts: pickRows(device, texts, textRows(paddedTo(newest[0].shape[0], histories))),
        textWeight: hostScalar(textWeight),
      };
      const parts: Rows[] = [];
      for (const piece of pieces) {
        const { logits } = await piece.run({ ...queries, ...read });
        parts.push(new Rows(logits.data as Float32Array, logits.shape[1]));
      }
      const partsOf = (user: number) => parts.map((part) => part.row(user));
      return (user) => joinArrays(Float32Array, partsOf(user));
    },
    dispose: () => pieces.forEach((piece) => piece.dispose()),
  };
}

/** Each is one function for any number of users, since it has its part of the tables. */
function compilePieces(
  device: Device,
  { vectors, texts }: ItemTables,
  options: Pick<CompileOptions, 'frozen' | 'threads'>,
): Compiled[] {
  const rows = vectors[0].shape[0];
  const begins = Array.from({ length: Math.ceil((rows - 1) / ITEMS_A_PIECE) }, (_, i) => 1 + i * ITEMS_A_PIECE);
  const freeRows = [...vectors.map((_, i) => newestName(i)), 'texts'];
  return begins.map((begin) => {
    const size = Math.min(ITEMS_A_PIECE, rows - begin);
    const score = (queries: Record<string, Tensor>) => ({ logits: logitsOf({ vectors, texts }, queries, begin, size) });
    return device.compile(score, { name: 'item-head', freeRows, ...options });
  });
}

/** The queries are weighed, and not the logits: those of all items are the largest arrays here. */
function logitsOf(
  { vectors, texts: itemTexts }: ItemTables,
  { texts, textWeight, ...newest }: Record<string, Tensor>,
  begin: number,
  size: number,
): Tensor {
  const share = (i: number) => tf.mul(newest[newestName(i)], 1 / vectors.length);
  const logits = vectors.map((itemVectors, i) => itemLogits(share(i), itemVectors, begin, size));
  if (itemTexts !== null) logits.push(itemLogits(tf.mul(historyDirections(texts), textWeight), itemTexts, begin, size));
  return tf.addN(logits);
}

const newestName = (model: number) => `newest${model}`;

/** @returns The table's rows that `items` names; float32 `[B, S, D]`. */
export function pickRows(device: Device, table: Variable, items: HostTensor): HostTensor {
  const size = table.shape[1]!;
  return { shape: [...items.shape, size], data: new Rows(device.view(table), size).pick(items.data).values };
}

/** The items of each history, and none for the rows that fill up the batch. */
function paddedTo(rows: number, histories: readonly (readonly SourceItem[])[]): (readonly SourceItem[])[] {
  return Array.from({ length: rows }, (_, row) => histories[row] ?? []);
}
