/**
 * Beam search over semantic IDs. It knows a scoring function and a trie, not the model.
 *
 * It enters only prefixes with a qualifying item, so each list is full: as long as the beam, or all qualifying items. The probability
 * of a code is normalised over all codes that the whole catalogue allows after its prefix, so a filter hides items but changes no
 * score. Once a prefix belongs to one item alone, the codes that follow are certain, and the model is not asked for them. So a search
 * takes less time in a small catalogue, and in a large one no more than `idLength` steps of a whole beam.
 */
import { logSumExp } from '../math/probability';
import { Rows } from '../math/rows';
import { topK } from '../math/top-k';
import type { TrieNode } from './branch';
import type { Trie } from './trie';
import type { TrieView } from './trie-view';

/** Prefixes to extend. The rows of a user are together, and each user has equally many. */
export interface StepRows {
  /** The code that each row has written last; int32 `[rows]`. Empty at level 0. */
  readonly codes: Int32Array;
  /** The row of the step before that each row continues; int32 `[rows]`. At level 0 the user of the row. */
  readonly parents: Int32Array;
}

/** Scores for the search: one decoder step for all rows at once. */
export interface StepScorer {
  /**
   * @param level - Position in the ID that is scored.
   * @param rows - Level 0: one row per user, `parents[r] = r`, no codes. Later levels: row r adds the code `codes[r]` to row
   *   `parents[r]` of the step before; each user has equally many rows, users in order. Prefixes of one item alone have no
   *   rows, and a level without rows is not scored.
   * @returns Logits; float32 `[rows, K]`.
   */
  step(level: number, rows: StepRows): Promise<Float32Array>;
}

export interface SearchUser {
  /** The items that qualify: `full` itself or a restriction of it. */
  readonly view: TrieView;
  readonly full: Trie;
  /** Hypotheses kept a level, and items returned at most. */
  readonly beamWidth: number;
  /** Decides which hypotheses are kept; absent: `Hypothesis.score` decides. */
  readonly ranking?: Ranking;
}

/** A live prefix with its scores. */
export interface Hypothesis {
  readonly node: TrieNode;
  readonly codes: readonly number[];
  /** The row of the step before that scored its last code. */
  readonly row: number;
  /** One per code. */
  readonly logProbabilities: readonly number[];
  readonly score: number;
  /** The number by which the ranking kept it; higher is better. */
  readonly priority: number;
  /** Sum of the log-probabilities that the ranking draws from. */
  readonly temperedScore: number;
}

/** The continuations of one hypothesis that qualify, `n` of them; each array counts to `n`. */
export interface Continuations {
  readonly n: number;
  /** Ascending. */
  readonly codes: Int32Array;
  readonly logProbabilities: Float64Array;
  /** The ranking fills these: `Hypothesis.priority` and `Hypothesis.temperedScore`. */
  readonly priorities: Float64Array;
  readonly temperedScores: Float64Array;
}

export interface Ranking {
  rank(parent: Hypothesis, continuations: Continuations): void;
}

export interface FoundItem {
  readonly itemId: number;
  /** Natural-log probability of the item's ID by the model; the sum of `logProbabilities`. */
  readonly score: number;
  /** The number by which the ranking placed it; higher is better. */
  readonly priority: number;
  readonly codes: readonly number[];
  readonly logProbabilities: readonly number[];
}

/**
 * Searches for many users at once.
 *
 * @param idLength - Codes of an ID, and steps of the search.
 * @param codebookSize - Codes per level, K; a row has as many logits.
 * @returns One list per user, highest priority **first**; without a ranking that is `score`. When two are equal, the lower
 *   codes come first. Its length is the smaller of `beamWidth` and the number of qualifying items.
 * @throws {RangeError} When a row of logits has no finite sum.
 */
export async function beamSearch(search: {
  readonly scorer: StepScorer;
  readonly users: readonly SearchUser[];
  readonly idLength: number;
  readonly codebookSize: number;
}): Promise<FoundItem[][]> {
  const { scorer, users, idLength, codebookSize } = search;
  const expander = new Expander(codebookSize);
  let beams = users.map(({ view }) => (view.count(view.root()) > 0 ? [emptyHypothesis(view)] : []));
  if (beams.every((beam) => beam.length === 0)) return beams.map(() => []);
  for (let level = 0; level < idLength; level++) {
    const open = beams.map((beam, u) => beam.filter((hypothesis) => !isCertain(users[u].full, hypothesis)));
    const longest = Math.max(...open.map((beam) => beam.length));
    const rows = level === 0 ? firstRows(users.length) : nextRows(open, longest);
    const logits = rows.parents.length === 0 ? NO_LOGITS : await scorer.step(level, rows);
    const stride = rows.parents.length / users.length;
    beams = beams.map((beam, u) => expander.expand(users[u], beam, logits, u * stride));
  }
  return beams.map((beam, u) => bestFirst(beam).map((found) => foundItem(users[u].full, found)));
}

const NO_LOGITS = new Float32Array(0);

/** @returns One row per user, without a code. */
function firstRows(numUsers: number): StepRows {
  return { codes: new Int32Array(0), parents: Int32Array.from({ length: numUsers }, (_, u) => u) };
}

/**
 * Makes rows for prefixes that were found at the level before.
 *
 * Each user has the same number, which the model scores as one block; a shorter beam repeats its first prefix.
 *
 * @param numRows - Rows per user; at least as many as the longest beam has prefixes.
 */
function nextRows(beams: readonly Hypothesis[][], numRows: number): StepRows {
  const codes = new Int32Array(beams.length * numRows);
  const parents = new Int32Array(beams.length * numRows);
  beams.forEach((beam, u) => {
    for (let r = 0; r < numRows; r++) {
      const prefix = beam[r] ?? beam[0];
      codes[u * numRows + r] = prefix?.codes.at(-1) ?? 0;
      parents[u * numRows + r] = prefix?.row ?? 0;
    }
  });
  return { codes, parents };
}

/** Whether the prefix belongs to one item alone, so that the codes that follow are certain. */
function isCertain(full: Trie, { node }: Hypothesis): boolean {
  return full.count(node) === 1;
}

/** Extends hypotheses by one level; owns the scratch arrays, which grow to the longest beam seen. */
class Expander {
  private readonly allowed: Int32Array;
  private readonly codes: Int32Array;
  private readonly logProbabilities: Float64Array;
  /** The logits before a certain code: its probability is 1 whatever its logit. */
  private readonly noLogits: Float32Array;
  private pool = new CandidatePool(0);

  constructor(private readonly codebookSize: number) {
    this.allowed = new Int32Array(codebookSize);
    this.codes = new Int32Array(codebookSize);
    this.logProbabilities = new Float64Array(codebookSize);
    this.noLogits = new Float32Array(codebookSize);
  }

  /**
   * @param firstRow - Row of the logits of the first hypothesis that is not certain; the others follow.
   * @returns The next beam, by ascending codes.
   */
  expand(user: SearchUser, beam: readonly Hypothesis[], logits: Float32Array, firstRow: number): Hypothesis[] {
    const { codebookSize } = this;
    const ranking = user.ranking ?? BY_SCORE;
    if (this.pool.capacity < beam.length * codebookSize) this.pool = new CandidatePool(beam.length * codebookSize);
    const { pool } = this;
    pool.size = 0;
    // Beams are in ascending order of codes, and codes are tried in order: so of equal candidates the earlier has the lower codes.
    const scored = new Rows(logits, codebookSize);
    let row = firstRow;
    beam.forEach((hypothesis, b) => {
      const isScored = !isCertain(user.full, hypothesis);
      const own = isScored ? scored.row(row) : this.noLogits;
      const continuations = this.continuations(user, hypothesis, own);
      ranking.rank(hypothesis, continuations);
      pool.add(b, row, continuations);
      if (isScored) row++;
    });
    return Array.from(topK(pool.priorities, pool.size, user.beamWidth), (i) => pool.hypothesis(i, beam, user.view));
  }

  private continuations(user: SearchUser, { node }: Hypothesis, logits: Float32Array): Continuations {
    const { codes, logProbabilities, pool } = this;
    const numAllowed = user.full.childCodes(node, this.allowed);
    const norm = this.logSum(logits, numAllowed);
    if (!Number.isFinite(norm)) throw new RangeError(`logits: expected finite numbers, got a log-sum of ${norm}`);
    const n = user.view.childCodes(node, codes);
    for (let i = 0; i < n; i++) logProbabilities[i] = logits[codes[i]] - norm;
    const [priorities, temperedScores] = [pool.priorities, pool.temperedScores].map((column) =>
      column.subarray(pool.size, pool.size + n),
    );
    return { n, codes, logProbabilities, priorities, temperedScores };
  }

  /** log Σ exp of the logits of the first `numAllowed` codes in `allowed`. */
  private logSum(logits: Float32Array, numAllowed: number): number {
    const { allowed, logProbabilities: scratch } = this;
    for (let i = 0; i < numAllowed; i++) scratch[i] = logits[allowed[i]];
    return logSumExp(scratch, numAllowed);
  }
}

/** All continuations of one beam, as parallel arrays. */
class CandidatePool {
  size = 0;
  readonly parents: Int32Array;
  readonly rows: Int32Array;
  readonly codes: Int32Array;
  readonly logProbabilities: Float64Array;
  readonly priorities: Float64Array;
  readonly temperedScores: Float64Array;

  constructor(readonly capacity: number) {
    this.parents = new Int32Array(capacity);
    this.rows = new Int32Array(capacity);
    this.codes = new Int32Array(capacity);
    this.logProbabilities = new Float64Array(capacity);
    this.priorities = new Float64Array(capacity);
    this.temperedScores = new Float64Array(capacity);
  }

  /** The columns that are views into this pool are written already. */
  add(parent: number, row: number, { n, codes, logProbabilities }: Continuations): void {
    this.parents.fill(parent, this.size, this.size + n);
    this.rows.fill(row, this.size, this.size + n);
    this.codes.set(codes.subarray(0, n), this.size);
    this.logProbabilities.set(logProbabilities.subarray(0, n), this.size);
    this.size += n;
  }

  hypothesis(i: number, beam: readonly Hypothesis[], view: TrieView): Hypothesis {
    const parent = beam[this.parents[i]];
    return {
      node: view.child(parent.node, this.codes[i])!,
      codes: [...parent.codes, this.codes[i]],
      logProbabilities: [...parent.logProbabilities, this.logProbabilities[i]],
      score: parent.score + this.logProbabilities[i],
      row: this.rows[i],
      priority: this.priorities[i],
      temperedScore: this.temperedScores[i],
    };
  }
}

/** Keeps the likeliest. */
export const BY_SCORE: Ranking = {
  rank({ score }, { n, logProbabilities, priorities }) {
    for (let i = 0; i < n; i++) priorities[i] = score + logProbabilities[i];
  },
};

function emptyHypothesis(view: TrieView): Hypothesis {
  const scores = { score: 0, priority: 0, temperedScore: 0 };
  return { node: view.root(), codes: [], logProbabilities: [], row: 0, ...scores };
}

/** A stable sort: of equal priorities the lower codes stay first. */
function bestFirst(beam: readonly Hypothesis[]): Hypothesis[] {
  return beam.toSorted((a, b) => b.priority - a.priority);
}

function foundItem(full: Trie, { node, score, priority, codes, logProbabilities }: Hypothesis): FoundItem {
  return { itemId: full.item(node), score, priority, codes, logProbabilities };
}
