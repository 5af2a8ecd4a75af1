/** Scores some items of a large catalogue, row by row: of a million items a list needs a few hundred. */
import type { Variable } from '@tensorflow/tfjs-core';
import { LRUCache } from 'lru-cache';

import type { Device } from '../compute/device';
import { joinArrays } from '../math/arrays';
import { once } from '../math/lazy';
import { logSumExp } from '../math/probability';
import { Rows } from '../math/rows';
import { type ItemScorer, textDirection, type UserScores } from './item-scorer';

/** Items that stand for the whole catalogue in the norms. */
const SAMPLE_ITEMS = 128;

/** Rows of a table in memory. */
const KEPT_ROWS = 4096;

/**
 * The norms are estimates: a sample of the items, spread evenly and always the same, stands for all that nobody asks about.
 *
 * @param vectors - Tables with a row 0 of no item; float32 `[N + 1, D]` and `[N + 1, F]`; null: there is none.
 * @param isFrozen - Whether the tables stay as they are, so that rows may stay in memory.
 */
export function openCandidateScorer(
  device: Device,
  vectors: Variable | null,
  texts: Variable | null,
  isFrozen: boolean,
): ItemScorer {
  const numItems = ((vectors ?? texts)?.shape[0] ?? 1) - 1;
  const sample = sampleOf(numItems);
  const open = () => ({ vectorOf: readerOf(device, vectors), textOf: readerOf(device, texts) });
  const openOnce = once(open);
  return {
    score(newest, histories, { textWeights, live }) {
      const { vectorOf, textOf } = isFrozen ? openOnce() : open();
      const states = newest && new Rows(newest.data as Float32Array, newest.shape[1]);
      const others = { rows: sample.filter((row) => live[row] !== 0), stand: Math.log(numItems / sample.length) };
      return Promise.resolve((user) => {
        const itemHead = vectorOf && states && productsWith(vectorOf, states.row(user));
        const ofTexts =
          textOf &&
          productsWith(
            textOf,
            textDirection(histories[user], (row) => textOf(row - 1)),
          );
        return scoresOf(itemHead, ofTexts, textWeights[user], others);
      });
    },
    dispose: () => undefined,
  };
}

/** @returns Item rows; of a small catalogue all. */
function sampleOf(numItems: number): Int32Array {
  const size = Math.min(SAMPLE_ITEMS, numItems);
  return Int32Array.from({ length: size }, (_, i) => Math.floor((i * numItems) / size));
}

/** Item row → its row of a table. */
type RowReader = (row: number) => Float32Array;

/** The rows that came last stay in memory: the sample and popular items are in every list. */
function readerOf(device: Device, table: Variable | null): RowReader | null {
  if (table === null) return null;
  const rows = device.rows(table);
  const kept = new LRUCache<number, Float32Array>({
    max: KEPT_ROWS,
    memoMethod: (row) => rows.slice(row + 1, row + 2),
  });
  return (row) => kept.memo(row);
}

/** Item rows → the product of each with a query. */
type Products = (rows: Int32Array) => Float32Array;

function productsWith(vectorOf: RowReader, query: Float32Array): Products {
  return (rows) =>
    Float32Array.from(rows, (row) => {
      const vector = vectorOf(row);
      let sum = 0;
      for (let d = 0; d < query.length; d++) sum += query[d] * vector[d];
      return sum;
    });
}

/** Live rows of the sample, and the logarithm of how many items each of them stands for. */
interface Others {
  readonly rows: Int32Array;
  readonly stand: number;
}

function scoresOf(
  itemHead: Products | null,
  texts: Products | null,
  textWeight: number,
  { rows: sample, stand }: Others,
): UserScores {
  const cosineOf = new Map<number, number>();
  return {
    best: () => [],
    among(rows) {
      const asked = new Set(rows);
      const others = sample.filter((row) => !asked.has(row));
      const all = joinArrays(Int32Array, [rows, others]);
      const [logits, cosines] = [itemHead?.(all) ?? null, texts?.(all) ?? null];
      const norm = (value: (i: number) => number) =>
        logSumExp(Float64Array.from(all, (_, i) => value(i) + (i < rows.length ? 0 : stand)));
      const raised = (i: number) => textWeight * (cosines?.[i] ?? 0);
      if (cosines !== null) rows.forEach((row, i) => cosineOf.set(row, cosines[i]));
      return {
        itemHead: logits && {
          logits: logits.subarray(0, rows.length),
          norm: norm((i) => logits[i]),
          normWithTexts: norm((i) => logits[i] + raised(i)),
        },
        texts: cosines && { cosines: cosines.subarray(0, rows.length), norm: norm(raised) },
      };
    },
    cosines: (rows) => texts && Float32Array.from(rows, (row) => cosineOf.get(row) ?? 0),
  };
}
