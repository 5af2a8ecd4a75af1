/** What a history says of the next item without the model: by its neighbours, its own items and its texts. */
import type { Evidence } from '../decoding/beam-search';
import { neighbourProbabilities, PrefixMass, type WeighedId, repeatProbabilities } from '../decoding/evidence';
import type { Trie } from '../decoding/trie';
import { once } from '../math/lazy';
import { FirstCodeTexts } from './first-code-texts';
import type { ItemHeadWeights } from './head-weights';
import type { LiveRows } from './live-rows';
import type { TigerParts } from './tiger-parts';
import type { ServedIds } from './tiger-request';

/** Item row → probability of being next; computed when it is first asked for. */
export type Probabilities = () => ReadonlyMap<number, number>;

export class HistoryEvidence {
  private readonly texts: () => FirstCodeTexts | null;

  constructor(
    private readonly parts: Pick<TigerParts, 'device' | 'itemTexts' | 'neighbours' | 'itemIds'>,
    private readonly liveRows: LiveRows,
  ) {
    this.texts = once(() => this.openTexts());
  }

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

  /** @returns What counts in the search, by these weights. */
  forSearch(history: readonly number[], neighbours: Probabilities, weights: ItemHeadWeights, ids: ServedIds): Evidence {
    const { textWeight, neighbourShare, textsInSearch, neighboursInSearch } = weights;
    const texts = textsInSearch && textWeight > 0 ? this.texts() : null;
    const items = neighboursInSearch && neighbourShare > 0 ? this.weighedIds(neighbours(), ids) : [];
    return {
      firstLogits: texts && texts.nearness(history, ids.trie).map((cosine) => textWeight * cosine),
      mixed: items.length === 0 ? null : { share: neighbourShare, masses: new PrefixMass(items) },
    };
  }

  private weighedIds(neighbours: ReadonlyMap<number, number>, ids: ServedIds): WeighedId[] {
    return Array.from(neighbours).flatMap(([row, probability]) => {
      const codes = ids.get(this.parts.itemIds[row]);
      return codes === null ? [] : [{ codes, probability }];
    });
  }

  private openTexts(): FirstCodeTexts | null {
    const { device, itemTexts } = this.parts;
    if (!itemTexts) return null;
    return new FirstCodeTexts(device.rows(itemTexts), this.liveRows);
  }
}

/** @param rows - Of the item vectors, the first of which is of no item. */
function tableRows(rows: readonly number[]): number[] {
  return rows.map((row) => row - 1);
}
