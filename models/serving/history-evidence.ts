/** The evidence beside the model, by the weights of each kind of list. */
import type { Evidence, EvidenceHistory } from '../decoding/evidence/evidence';
import { Neighbours } from '../decoding/evidence/neighbours';
import { Popularity } from '../decoding/evidence/popularity';
import { Repeats } from '../decoding/evidence/repeats';
import type { Part } from '../decoding/mixture';
import type { DecodeHistory } from '../seq2seq/history-inputs';
import type { SparseParts } from './candidates';
import type { ListMaking, TigerParts } from './tiger-parts';
import type { TigerRequest } from './tiger-request';

export class HistoryEvidence {
  private readonly popularity: Popularity;
  /** For the weights that came last; there are two kinds of lists. */
  private readonly made = new WeakMap<ListMaking, { readonly neighbours: Neighbours; readonly repeats: Repeats }>();

  constructor(private readonly parts: Pick<TigerParts, 'neighbours' | 'popularity' | 'hasAllParts' | 'config'>) {
    this.popularity = new Popularity(parts.popularity);
  }

  /**
   * @param items - The history's, with rows of the item vectors.
   * @param live - See `Evidence`.
   */
  of(
    { at, history }: Pick<TigerRequest, 'at' | 'history'>,
    { items }: DecodeHistory,
    weights: ListMaking,
    live: Float32Array,
  ): SparseParts {
    const read: EvidenceHistory = {
      items: items.map(({ row }) => row - 1), // the first row of the vectors is of no item
      kinds: items.map(({ kind }) => kind),
      counts: history.map(({ count }) => count),
      times: items.map((item) => item.at),
      at,
    };
    const { neighbours, repeats } = this.evidenceFor(weights);
    const ask = (part: Part, evidence: Evidence) =>
      !this.parts.hasAllParts && weights.shares[part] === 0 ? null : evidence.probabilities(read, live);
    return {
      neighbours: ask('neighbours', neighbours),
      repeats: ask('repeats', repeats),
      popularity: ask('popularity', this.popularity),
    };
  }

  private evidenceFor(weights: ListMaking) {
    const made = this.made.get(weights) ?? {
      neighbours: new Neighbours(this.parts.neighbours, weights.neighbourDecay),
      repeats: new Repeats(weights.repeats, this.parts.config.kinds),
    };
    this.made.set(weights, made);
    return made;
  }
}
