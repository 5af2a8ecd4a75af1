/** Gathers what each part of a model says of one user's candidates. */
import type { FoundItem } from '../decoding/beam-search';
import type { Candidates, Part } from '../decoding/mixture';
import { rankTopK } from '../math/top-k';
import type { ItemScores } from '../seq2seq/item-scorer';

/** Item row → probability of being next. */
export type Probabilities = ReadonlyMap<number, number>;

/** What nothing learns; null: no list has a share of it. */
export interface SparseParts {
  readonly neighbours: Probabilities | null;
  readonly repeats: Probabilities | null;
  readonly popularity: Probabilities | null;
}

export interface PartScores extends ItemScores, SparseParts {
  /** Items that the beam search found, best first. One that it did not find has probability 0 by the decoder. */
  readonly found: readonly FoundItem[];
}

export interface CandidateItems {
  /** By row; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** @returns −1 for an item that is not known in training. */
  readonly rowOf: (itemId: number) => number;
  /** Whether the row's item may be in the list. */
  readonly qualifies: (row: number) => boolean;
  readonly numLive: number;
  /** Candidates that each part adds at most. */
  readonly size: number;
  /** See `ListWeights`. */
  readonly textWeight: number;
}

const SPARSE = ['neighbours', 'repeats', 'popularity'] as const;

/** Each part adds its best items; then every part says what it thinks of all of them. */
export function gatherCandidates(scores: PartScores, items: CandidateItems): Candidates {
  const { itemHead, texts, found } = scores;
  const { itemIds, rowOf, numLive } = items;
  const rows = [...new Set([...found.map(({ itemId }) => rowOf(itemId)), ...bestRows(scores, items)])];
  const known = Int32Array.from(rows.filter((row) => row >= 0));
  const unknown = found.filter(({ itemId }) => rowOf(itemId) < 0).map(({ itemId }) => itemId);
  const ids = Int32Array.from([...Array.from(known, (row) => itemIds[row]), ...unknown]);
  const ofRows = (value: (row: number) => number) => {
    const values = new Float64Array(ids.length); // items without a row have 0
    known.forEach((row, i) => (values[i] = value(row)));
    return values;
  };
  const byDecoder = new Map(found.map(({ itemId, score }) => [itemId, Math.exp(score)]));
  const parts: [Part, Float64Array][] = [['decoder', Float64Array.from(ids, (itemId) => byDecoder.get(itemId) ?? 0)]];
  if (itemHead !== null) parts.push(['itemHead', ofRows((row) => Math.exp(itemHead.logits[row] - itemHead.norm))]);
  for (const part of SPARSE) {
    const sparse = scores[part];
    if (sparse !== null) parts.push([part, ofRows((row) => sparse.get(row) ?? 0)]);
  }
  if (texts !== null) parts.push(['uniform', ofRows(() => 1 / numLive)]);
  return {
    itemIds: ids,
    probabilities: Object.fromEntries(parts),
    cosines: texts && ofRows((row) => texts.cosines[row]),
    sums: sumsOf(scores, items),
    found,
  };
}

function* bestRows(scores: PartScores, { qualifies, size }: CandidateItems): Generator<number> {
  for (const dense of [scores.itemHead?.logits, scores.texts?.cosines])
    if (dense !== undefined) yield* rankTopK(dense, size, qualifies);
  for (const part of SPARSE) {
    const sparse = scores[part];
    if (sparse === null) continue;
    const known = Array.from(sparse.keys());
    const best = rankTopK(Float64Array.from(sparse.values()), size, (at) => qualifies(known[at]));
    yield* best.map((at) => known[at]);
  }
}

/** @returns What `Candidates.sums` says. */
function sumsOf(scores: PartScores, { rowOf, numLive, textWeight }: CandidateItems): Candidates['sums'] {
  const { itemHead, texts, found } = scores;
  const factor = (row: number) => (texts === null || row < 0 ? 1 : Math.exp(textWeight * texts.cosines[row]));
  const sparseSum = (sparse: Probabilities | null) => {
    let sum = 0;
    for (const [row, probability] of sparse ?? []) sum += probability * factor(row);
    return sum;
  };
  let decoder = 1; // what the search did not find counts as if it had no texts
  for (const { itemId, score } of found) decoder += Math.exp(score) * (factor(rowOf(itemId)) - 1);
  return {
    decoder,
    itemHead: itemHead === null ? 0 : Math.exp(itemHead.normWithTexts - itemHead.norm),
    neighbours: sparseSum(scores.neighbours),
    repeats: sparseSum(scores.repeats),
    popularity: sparseSum(scores.popularity),
    uniform: texts === null ? 0 : Math.exp(texts.norm) / numLive,
  };
}
