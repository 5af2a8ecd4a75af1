/** What a history says of the next item without the model: by its neighbours and by its texts. */
import type { Device } from '../compute/device';
import type { Evidence } from '../decoding/beam-search';
import { neighbourProbabilities, type NeighbourTable } from '../decoding/neighbour-mixture';
import { PrefixMass, type WeighedId } from '../decoding/prefix-mass';
import type { Trie } from '../decoding/trie';
import { once } from '../math/once';
import { Rows } from '../math/rows';
import { FirstCodeTexts } from './first-code-texts';
import type { ItemHeadWeights } from './head-weights';
import type { LiveRows } from './live-rows';
import type { ServedIds, TigerParts } from './tiger-model';

/** Item row → probability of being next; computed when it is first asked for. */
export type Neighbours = () => ReadonlyMap<number, number>;

export class HistoryEvidence {
  private readonly texts: () => FirstCodeTexts | null;
  private readonly table: NeighbourTable | null;
  private readonly itemIds: Int32Array;

  constructor(
    { device, itemTexts, neighbours, itemIds }: TigerParts,
    private readonly liveRows: LiveRows,
  ) {
    this.texts = once(() => firstCodeTexts(device, itemTexts ?? null, liveRows));
    this.table = neighbours ?? null;
    this.itemIds = itemIds;
  }

  /**
   * @param history - Rows of the item vectors, oldest first.
   * @returns No neighbours where the model has none.
   */
  neighbours(history: readonly number[], decay: number, trie: Trie): Neighbours {
    return once(() => {
      if (this.table === null) return new Map<number, number>();
      const rows = history.map((row) => row - 1);
      return neighbourProbabilities(this.table, rows, decay, this.liveRows.of(trie));
    });
  }

  /** @returns What counts in the search, by these weights. */
  forSearch(history: readonly number[], neighbours: Neighbours, weights: ItemHeadWeights, ids: ServedIds): Evidence {
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
      const codes = ids.get(this.itemIds[row]);
      return codes === null ? [] : [{ codes, probability }];
    });
  }
}

function firstCodeTexts(device: Device, table: TigerParts['itemTexts'], liveRows: LiveRows): FirstCodeTexts | null {
  if (!table) return null;
  return new FirstCodeTexts(new Rows(device.view(table) as Float32Array, table.shape[1]!), liveRows);
}
