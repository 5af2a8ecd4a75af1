/** A trained model ready to serve: reads histories, writes lists of items that a trie allows. */
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import { beamSearch, logSumExp } from '../decoding/beam-search';
import { fuse, type Candidates, type FusedItem } from '../decoding/fusion';
import { rankItems } from '../decoding/item-ranking';
import { gumbelRanking } from '../decoding/sampling';
import type { Trie } from '../decoding/trie';
import { findPrefix, type TrieView } from '../decoding/trie-view';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { MAX_DECODE_BATCH, openScorer, type DecodeHistory, type Scorer } from '../seq2seq/scorer';
import { UNKNOWN_ITEM, type Seq2Seq } from '../seq2seq/source';
import type { TextSpace } from '../text/text-space';

/** What the lists are made from. */
export interface Catalogue {
  readonly trie: Trie;
  /** @returns The item's latest codes, whether it is in the trie or not; null when it has none. */
  get(itemId: number): SemanticId | null;
}

export interface HistoryItem {
  readonly itemId: number;
  readonly codes: SemanticId;
}

/** One user's list to be made. */
export interface TigerRequest {
  /** Hashed into a user token; null: nobody in particular. */
  readonly userKey: string | null;
  /** Oldest first. */
  readonly history: readonly HistoryItem[];
  /** Items wanted. */
  readonly first: number;
  /** Hypotheses kept a level; at least `first` are. */
  readonly beamSize: number;
  /**
   * 0: beam search. Above: sampling without replacement, the more diverse the higher. A list has one a level: levels of 0 are
   * searched, the others sampled.
   */
  readonly temperature: number | readonly number[];
  /** Of the sampling; equal seeds give equal lists. */
  readonly seed: number;
  /** The catalogue's trie, or a restriction of it to the items that qualify. */
  readonly view: TrieView;
}

/** How the heads' probabilities are mixed. */
export interface Fusion {
  /** From 0, the decoder alone, to below 1. */
  readonly itemHeadShare: number;
}

export interface TigerParts extends Fusion {
  readonly config: TigerConfig;
  readonly model: Seq2Seq;
  /** The items known in training, in its order, and a negative number for each that nothing was learned of; int32 `[N]`. */
  readonly itemIds: Int32Array;
  /** Null: a checkpoint from before models knew texts. */
  readonly texts: TextSpace | null;
  readonly device: Device;
  /** False while the weights are still being trained. */
  readonly isFrozen: boolean;
}

export class Tiger {
  /** Item id → row of the item vectors. */
  private readonly rows: ReadonlyMap<number, number>;
  private running = 0;
  private isUnwanted = false;

  private constructor(
    private readonly parts: TigerParts,
    private readonly scorer: Scorer,
  ) {
    this.rows = new Map(Array.from(parts.itemIds, (itemId, row) => [itemId, row + 1]));
  }

  static open(parts: TigerParts): Tiger {
    return new Tiger(parts, openScorer(parts.device, parts.model, parts.isFrozen));
  }

  /** Codes a level, K. */
  get width(): number {
    return this.parts.model.vocabulary.width;
  }

  /** In which it was told how near its items' texts lie. */
  get texts(): TextSpace | null {
    return this.parts.texts;
  }

  /** Numbers learned by the sequence model. */
  get parameterCount(): number {
    return countParameters(this.parts.model.params);
  }

  /**
   * @returns A list a request, best first, at most `first` long, no item twice; with a temperature the decoder's alone, in
   *   the order drawn.
   */
  async recommend(requests: readonly TigerRequest[], catalogue: Catalogue): Promise<FusedItem[][]> {
    const candidates = await this.candidates(requests, catalogue);
    return candidates.map((ofUser, i) => {
      const { temperature, first } = requests[i];
      return fuse(ofUser, isSampled(temperature) ? 0 : this.parts.itemHeadShare).slice(0, first);
    });
  }

  /** @returns What each head would recommend, a request each; the lists are as long as the beam or `first`. */
  async candidates(requests: readonly TigerRequest[], catalogue: Catalogue): Promise<Candidates[]> {
    this.running++;
    try {
      const found: Candidates[] = [];
      for (let at = 0; at < requests.length; at += MAX_DECODE_BATCH) {
        found.push(...(await this.batchCandidates(requests.slice(at, at + MAX_DECODE_BATCH), catalogue)));
      }
      return found;
    } finally {
      this.running--;
      this.disposeIfDone();
    }
  }

  /** Compiles the shapes that a single user needs, so that the first request is as quick as the next. */
  async warmUp(catalogue: Catalogue): Promise<void> {
    const { depth } = this.parts.model.vocabulary;
    const history = [{ itemId: -1, codes: Array.from({ length: depth }, () => 0) }];
    const request = {
      userKey: null,
      history,
      first: 10,
      beamSize: DEFAULT_BEAM_SIZE,
      temperature: 0,
      seed: 0,
      view: catalogue.trie,
    };
    if (catalogue.trie.size > 0) await this.recommend([request], catalogue);
  }

  /** Gives the weights back once no list is being made with them. */
  disposeWhenIdle(): void {
    this.isUnwanted = true;
    this.disposeIfDone();
  }

  private async batchCandidates(requests: readonly TigerRequest[], catalogue: Catalogue): Promise<Candidates[]> {
    const { depth, width } = this.parts.model.vocabulary;
    const histories: DecodeHistory[] = requests.map(({ userKey, history }) => ({
      userKey,
      items: history.map(({ itemId, codes }) => ({ codes, row: this.rows.get(itemId) ?? UNKNOWN_ITEM })),
    }));
    const users = requests.map(({ view, first, beamSize, temperature, seed }) => ({
      view,
      full: catalogue.trie,
      beamWidth: Math.max(first, beamSize),
      ranking: isSampled(temperature) ? gumbelRanking(aLevel(temperature, depth), seed) : undefined,
    }));
    const scorer = await this.scorer.start(histories);
    const lists = await beamSearch({ scorer, users, depth, width });
    return lists.map((generated, i) => ({
      generated,
      ...this.retrieve(scorer.itemLogits(i), requests[i], catalogue),
    }));
  }

  private retrieve(
    logits: Float32Array | null,
    { view, first, beamSize }: TigerRequest,
    catalogue: Catalogue,
  ): Omit<Candidates, 'generated'> {
    if (logits === null) return { retrieved: null, logProbability: () => null };
    const norm = logSumExp(logits, logits.length);
    const qualifies = (itemId: number) => {
      const codes = catalogue.get(itemId);
      const leaf = codes && findPrefix(view, codes);
      return leaf !== null && view.item(leaf) === itemId;
    };
    return {
      retrieved: rankItems(logits, this.parts.itemIds, qualifies, Math.max(first, beamSize)),
      logProbability: (itemId) => {
        const row = this.rows.get(itemId);
        return row === undefined ? null : logits[row - 1] - norm;
      },
    };
  }

  private disposeIfDone(): void {
    if (!this.isUnwanted || this.running > 0) return;
    this.scorer.dispose();
    disposeParameters(this.parts.model.params);
  }
}

export const DEFAULT_BEAM_SIZE = 20;

function isSampled(temperature: TigerRequest['temperature']): boolean {
  return typeof temperature === 'number' ? temperature > 0 : temperature.some((ofLevel) => ofLevel > 0);
}

function aLevel(temperature: TigerRequest['temperature'], depth: number): readonly number[] {
  return typeof temperature === 'number' ? Array.from({ length: depth }, () => temperature) : temperature;
}
