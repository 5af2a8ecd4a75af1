/**
 * Cuts texts into the pieces of a vocabulary: of all ways to cut a text, the one whose pieces are likeliest.
 *
 * Source: Kudo (2018), "Subword Regularization", section 3.2, as the tokenizer of the Universal Sentence Encoder for TensorFlow.js does
 * it: where a symbol begins no piece, it counts as unknown at no cost.
 */

/** A piece and its log-probability; its place in the vocabulary is its id. */
export type VocabularyEntry = readonly [piece: string, score: number];

const UNKNOWN = 0;
/** The first ids stand for no text. */
const RESERVED = 6;
const WORD_BEGIN = '▁';

interface Node {
  readonly next: Map<string, Node>;
  /** The piece that ends here; null: none does. */
  piece: { readonly id: number; readonly score: number } | null;
}

export class WordPieces {
  private readonly root = emptyNode();
  /** How many symbols each piece has, by its id. */
  private readonly lengths: Int32Array;

  constructor(vocabulary: readonly VocabularyEntry[]) {
    this.lengths = Int32Array.from(vocabulary, ([piece]) => Array.from(piece).length);
    vocabulary.forEach(([piece, score], id) => {
      if (id >= RESERVED) this.insert(piece, { id, score });
    });
  }

  /**
   * Finds the best cut by Viterbi's algorithm, from left to right.
   *
   * @param text - Its compatible forms (NFKC) count as equal.
   * @returns The ids of the pieces in order; symbols one after another that are unknown are one piece. Empty for an empty text.
   */
  encode(text: string): number[] {
    const normal = text.normalize('NFKC');
    if (normal === '') return [];
    const symbols = Array.from(WORD_BEGIN + normal.replace(/ /g, WORD_BEGIN));
    const best = new Float64Array(symbols.length + 1); // 0: not reached, or by unknown symbols alone
    const last = new Int32Array(symbols.length + 1); // the piece that ends at each place
    for (let start = 0; start < symbols.length; start++) this.extend(symbols, start, best, last);
    return this.readBack(last);
  }

  /** Tries every piece that begins at `start`. */
  private extend(symbols: readonly string[], start: number, best: Float64Array, last: Int32Array): void {
    const reach = (end: number, id: number, score: number) => {
      if (best[end] !== 0 && score < best[end]) return;
      best[end] = score;
      last[end] = id;
    };
    let isKnown = false;
    let node = this.root.next.get(symbols[start]);
    for (let end = start + 1; node !== undefined; end++) {
      if (node.piece !== null) {
        isKnown = true;
        reach(end, node.piece.id, best[start] + node.piece.score);
      }
      node = end < symbols.length ? node.next.get(symbols[end]) : undefined;
    }
    if (!isKnown) reach(start + 1, UNKNOWN, best[start]);
  }

  private readBack(last: Int32Array): number[] {
    const ids: number[] = [];
    for (let end = last.length - 1; end > 0; end -= this.lengths[last[end]]) {
      if (last[end] !== UNKNOWN || ids.at(-1) !== UNKNOWN) ids.push(last[end]);
    }
    return ids.reverse();
  }

  private insert(piece: string, { id, score }: NonNullable<Node['piece']>): void {
    let node = this.root;
    for (const symbol of piece) {
      const next = node.next.get(symbol) ?? emptyNode();
      node.next.set(symbol, next);
      node = next;
    }
    node.piece = { id, score };
  }
}

function emptyNode(): Node {
  return { next: new Map(), piece: null };
}
