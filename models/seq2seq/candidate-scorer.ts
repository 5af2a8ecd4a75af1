/** Scores some items of a large catalogue, row by row: of a million items a list needs a few hundred. */
import type { Variable } from '@tensorflow/tfjs-core';

import type { Device } from '../compute/device';
import { logSumExp } from '../math/probability';
import { pickFrom, type RowSource, Rows } from '../math/rows';
import { historyDirection } from '../text/text-space';
import { type ItemScorer, textRows, type UserScores } from './item-scorer';

/** @param vectors - Tables with a row 0 of no item; float32 `[N + 1, D]` and `[N + 1, F]`; null: there is none. */
export function openCandidateScorer(device: Device, vectors: Variable | null, texts: Variable | null): ItemScorer {
  return {
    score(newest, histories, { textWeights }) {
      const texted = texts && device.rows(texts);
      const itemRows = vectors && device.rows(vectors);
      const directionOf = (user: number) => texted && directionFrom(texted, textRows([histories[user]]).data);
      const states = newest && new Rows(newest.data as Float32Array, newest.shape[1]);
      return Promise.resolve((user) =>
        scoresOf(
          itemRows && states && { table: itemRows, query: states.row(user) },
          texted && { table: texted, query: directionOf(user)! },
          textWeights?.[user] ?? 0,
        ),
      );
    },
    dispose: () => undefined,
  };
}

/** The table is `[N + 1, D]`, the query `[D]`. */
interface Product {
  readonly table: RowSource;
  readonly query: Float32Array;
}

function scoresOf(itemHead: Product | null, texts: Product | null, textWeight: number): UserScores {
  const cosinesOf = (rows: Int32Array) => texts && products(texts, rows);
  return {
    best: () => [],
    cosines: cosinesOf,
    among: (rows) => {
      const logits = itemHead && products(itemHead, rows);
      const cosines = cosinesOf(rows);
      const norm = (values: ArrayLike<number>) => logSumExp(Float64Array.from(values));
      const raised = (values: Float32Array) => values.map((value, i) => value + textWeight * (cosines?.[i] ?? 0));
      return {
        itemHead: logits && { logits, norm: norm(logits), normWithTexts: norm(raised(logits)) },
        texts: cosines && { cosines, norm: norm(cosines.map((cosine) => textWeight * cosine)) },
      };
    },
  };
}

function products({ table, query }: Product, rows: Int32Array): Float32Array {
  const picked = pickFrom(
    table,
    rows.map((row) => row + 1),
  );
  return Float32Array.from(rows, (_, i) => picked.row(i).reduce((sum, value, d) => sum + value * query[d], 0));
}

/** @param rows - Of the history's newest texts, the newest last; those of no text are zeros. */
function directionFrom(table: RowSource, rows: ArrayLike<number>): Float32Array {
  const direction = new Float32Array(table.dims);
  historyDirection(pickFrom(table, rows).all(), direction);
  return direction;
}
