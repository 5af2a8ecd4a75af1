/** Gathers what each part of a model says of one user's candidates. */
import type { FoundItem } from '../decoding/beam-search';
import type { Candidates, Part } from '../decoding/mixture';
import { rankTopK } from '../math/top-k';
import type { ItemScores, UserScores } from '../seq2seq/item-scorer';

/** Item row → probability of being next. */
export type Probabilities = ReadonlyMap<number, number>;

/** The counts, which nothing learns; null: no list has a share of them. */
export interface SparseParts {
  readonly neighbours: Probabilities | null;
  readonly repeats: Probabilities | null;
  readonly popularity: Probabilities | null;
}

export interface PartScores extends SparseParts {
  readonly items: UserScores;
  /** Items that the beam search found, best first. One that it did not find has probability 0 by the decoder. */
  readonly found: readonly FoundItem[];
}

export interface CandidateItems {
  /** The item of each row; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** @returns −1 for an item that is not known in training. */
  readonly rowOf: (itemId: number) => number;
  /** Whether the row's item may be in the list. */
  readonly qualifies: (row: number) => boolean;
  readonly numLive: number;
  /** Rows of items that their codes suggest, where there are too many to look at all. */
  readonly byCodes: Iterable<number>;
  /** Rows of items whatever they are worth; whether they may be in the list, others say. */
  readonly wanted: Iterable<number>;
  /** Candidates that each part adds at most. */
  readonly size: number;
  /** See `ListWeights`. */
  readonly textWeight: number;
}

const SPARSE = ['neighbours', 'repeats', 'popularity'] as const;

/** Each part adds its best items; then every part says what it thinks of all of them. */
export function gatherCandidates(scores: PartScores, items: CandidateItems): Candidates {
  const { found } = scores;
  const { itemIds, rowOf, numLive } = items;
  const rows = new Set([...found.map(({ itemId }) => rowOf(itemId)), ...bestRows(scores, items)]);
  const known = Int32Array.from(rows).filter((row) => row >= 0);
  const unknown = found.filter(({ itemId }) => rowOf(itemId) < 0).map(({ itemId }) => itemId);
  const ids = Int32Array.from([...Array.from(known, (row) => itemIds[row]), ...unknown]);
  const { itemHead, texts } = scores.items.among(known);
  const ofKnown = (value: (row: number, i: number) => number) => {
    const values = new Float64Array(ids.length); // items without a row have 0
    known.forEach((row, i) => (values[i] = value(row, i)));
    return values;
  };
  const byDecoder = new Map(found.map(({ itemId, score }) => [itemId, Math.exp(score)]));
  const parts: [Part, Float64Array][] = [['decoder', Float64Array.from(ids, (itemId) => byDecoder.get(itemId) ?? 0)]];
  if (itemHead !== null) parts.push(['itemHead', ofKnown((_, i) => Math.exp(itemHead.logits[i] - itemHead.norm))]);
  for (const part of SPARSE) {
    const sparse = scores[part];
    if (sparse !== null) parts.push([part, ofKnown((row) => sparse.get(row) ?? 0)]);
  }
  if (texts !== null) parts.push(['uniform', ofKnown(() => 1 / numLive)]);
  return {
    itemIds: ids,
    probabilities: Object.fromEntries(parts),
    cosines: texts && ofKnown((_, i) => texts.cosines[i]),
    sums: sumsOf(scores, { itemHead, texts }, items),
    found,
  };
}

function* bestRows(
  { items, ...scores }: PartScores,
  { qualifies, size, byCodes, wanted }: CandidateItems,
): Generator<number> {
  yield* wanted;
  yield* items.best(size, qualifies);
  for (const row of byCodes) if (qualifies(row)) yield row;
  for (const part of SPARSE) {
    const sparse = scores[part];
    if (sparse === null) continue;
    const { rows, values } = columnsOf(sparse);
    yield* rankTopK(values, size, (at) => qualifies(rows[at])).map((at) => rows[at]);
  }
}

/** In a plain loop: the neighbours of a history are hundreds. */
function columnsOf(sparse: Probabilities): { rows: Int32Array; values: Float64Array } {
  const [rows, values] = [new Int32Array(sparse.size), new Float64Array(sparse.size)];
  let at = 0;
  sparse.forEach((p, row) => {
    rows[at] = row;
    values[at++] = p;
  });
  return { rows, values };
}

/** @returns What `Candidates.sums` says. A filter changes none of them where all items are looked at, and so no score. */
function sumsOf(
  { items, ...scores }: PartScores,
  { itemHead, texts }: ItemScores,
  { numLive, textWeight }: CandidateItems,
): Candidates['sums'] {
  const raised = (sparse: Probabilities | null) => {
    if (sparse === null) return 0;
    const { rows, values } = columnsOf(sparse);
    const cosines = items.cosines(rows);
    return values.reduce((sum, p, i) => sum + p * Math.exp(textWeight * (cosines?.[i] ?? 0)), 0);
  };
  return {
    decoder: 1, // what it could write besides is not known, so it counts as if there were no texts
    itemHead: itemHead === null ? 0 : Math.exp(itemHead.normWithTexts - itemHead.norm),
    neighbours: raised(scores.neighbours),
    repeats: raised(scores.repeats),
    popularity: raised(scores.popularity),
    uniform: texts === null ? 0 : Math.exp(texts.norm) / numLive,
  };
}
