/** Finds evidence of the next item without the model: a history's neighbours and repeats. */
import { neighbourProbabilities, repeatProbabilities } from '../decoding/evidence';
import type { Trie } from '../decoding/trie';
import { once } from '../math/lazy';
import type { LiveRows } from './item-rows';
import type { TigerParts } from './tiger-parts';

/** Item row → probability of being next; computed when it is first asked for. */
export type Probabilities = () => ReadonlyMap<number, number>;

export class HistoryEvidence {
  constructor(
    private readonly parts: Pick<TigerParts, 'neighbours'>,
    private readonly liveRows: LiveRows,
  ) {}

  /**
   * @param history - Rows of the item vectors, oldest first.
   * @returns No neighbours where the model has none.
   */
  neighbours(history: readonly number[], decay: number, trie: Trie): Probabilities {
    return once(() => {
      const { neighbours } = this.parts;
      if (!neighbours) return new Map<number, number>();
      return neighbourProbabilities(neighbours, tableRows(history), decay, this.liveRows.of(trie));
    });
  }

  /** @param history - As for `neighbours`. */
  repeats(history: readonly number[], decay: number, trie: Trie): Probabilities {
    return once(() => repeatProbabilities(tableRows(history), decay, this.liveRows.of(trie)));
  }
}

/** @param rows - Of the item vectors, the first of which is of no item. */
function tableRows(rows: readonly number[]): number[] {
  return rows.map((row) => row - 1);
}
