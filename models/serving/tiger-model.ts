/** A trained model that serves: it reads histories and makes lists of items that a trie allows. */
import { BEAM_WIDTH, CANDIDATES, DECODE_BATCH, MAX_HISTORY_TEXTS } from '../config';
import { beamSearch, type FoundItem, type Ranking } from '../decoding/beam-search';
import { type Candidates, decoderAlone, mix, type RankBoost, type Recommendation } from '../decoding/mixture';
import { gumbelRanking } from '../decoding/sampling';
import { isOn, SteeredRanking } from '../decoding/steering';
import { Trie } from '../decoding/trie';
import { findPrefix } from '../decoding/trie-view';
import { UNKNOWN_ITEM, type Seq2Seq } from '../seq2seq/batches';
import type { DecodeHistory } from '../seq2seq/history-inputs';
import type { UserScores } from '../seq2seq/item-scorer';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { openScorer, type Scorer } from '../seq2seq/scorer';
import type { Vocabulary } from '../seq2seq/vocabulary';
import { nearestTexts } from '../text/near-texts';
import type { TextSpace } from '../text/text-space';
import { gatherCandidates } from './candidates';
import { HistoryEvidence } from './history-evidence';
import { ItemRows, LiveRows } from './item-rows';
import { RaisedRows } from './raised-rows';
import type { ListMaking, MixtureWeights, TigerParts } from './tiger-parts';
import type { ServedIds, TigerRequest } from './tiger-request';

export class Tiger {
  /** Item id → row of the item vectors. */
  private readonly rows: ItemRows;
  private readonly liveRows: LiveRows;
  private readonly evidence: HistoryEvidence;
  private readonly raised = new RaisedRows((itemId) => this.rowOf(itemId));
  /** A training sets several, one after another, to compare them. */
  weights: MixtureWeights;
  private running = 0;
  private isUnwanted = false;

  private constructor(
    private readonly parts: TigerParts,
    private readonly scorer: Scorer,
  ) {
    this.rows = new ItemRows(parts.itemIds);
    this.liveRows = new LiveRows(this.rows, parts.itemIds.length);
    this.evidence = new HistoryEvidence(parts);
    this.weights = parts.weights;
  }

  static open(parts: TigerParts): Tiger {
    return new Tiger(parts, openScorer(parts.device, parts.model, parts));
  }

  private get model(): Seq2Seq {
    return this.parts.model;
  }

  /** Codes a level, K. */
  get codebookSize(): number {
    return this.model.vocabulary.codebookSize;
  }

  /** The text space that this checkpoint was trained with; null: see `TigerParts`. */
  get texts(): TextSpace | null {
    return this.parts.texts;
  }

  get hasItemHead(): boolean {
    return this.model.params.itemVectors !== null;
  }

  /** How many numbers the sequence model has learned. */
  get parameterCount(): number {
    return countParameters(this.model.params);
  }

  /**
   * @returns One list a request, best first, at most `first + spare` long, then pinned items; without an item twice. A sampled list is
   *   the decoder's alone, in the order drawn, but for boosts.
   */
  async recommend(requests: readonly TigerRequest[], ids: ServedIds): Promise<Recommendation[][]> {
    const candidates = await this.candidates(requests, ids);
    return candidates.map((ofUser, i) => {
      const { temperature, first, spare = 0, boosts = [], pinned } = requests[i];
      if (isSampled(temperature)) return decoderAlone(ofUser, first + spare, boosts);
      const rules = { boosts: [...boosts, ...shelfBoosts(requests[i], ids)], pinned };
      return mix(ofUser, this.weightsFor(requests[i]), first + spare, rules);
    });
  }

  /** @returns For each request the best items of each part, `beamWidth` or `first` of them, and what every part says of all these. */
  async candidates(requests: readonly TigerRequest[], ids: ServedIds): Promise<Candidates[]> {
    this.running++;
    try {
      const found: Candidates[] = [];
      for (let at = 0; at < requests.length; at += DECODE_BATCH)
        found.push(...(await this.batchCandidates(requests.slice(at, at + DECODE_BATCH), ids)));
      return found;
    } finally {
      this.running--;
      this.disposeIfDone();
    }
  }

  /**
   * @param vectors - Text vectors; each float32 `[dims]`.
   * @returns Of each the live items of the training whose texts are nearest, the nearest first; null when the model has no texts, or reads
   *   vectors of another width.
   */
  nearTexts(vectors: readonly Float32Array[], size: number, { trie }: ServedIds): Int32Array[] | null {
    const { texts, itemTexts, itemIds, device } = this.parts;
    if (texts === null || itemTexts === null || vectors.some(({ length }) => length !== texts.dims)) return null;
    const live = this.liveRows.of(trie);
    const table = device.rows(itemTexts);
    const variances = texts.variances(table.dims);
    return vectors.map((vector) => {
      const text = { direction: texts.directions(vector, table.dims), variances };
      const rows = nearestTexts(text, table, (row) => live[row] === 1, size);
      return Int32Array.from(rows, (row) => itemIds[row]);
    });
  }

  /** Compiles what lists need, of one user and of several, before any codes are known. */
  async compile(): Promise<void> {
    const ids = twoItems(this.model.vocabulary);
    await this.warmUp(ids);
    if (this.parts.threads !== 1) await this.warmUp(ids, 2); // with sessions of their own
  }

  /** Makes lists that nobody reads, so that the first request is as fast as the next. */
  async warmUp(ids: ServedIds, users = 1): Promise<void> {
    const { idLength } = this.model.vocabulary;
    const history = [{ itemId: -1, codes: Array.from({ length: idLength }, () => 0), kind: 0, count: 1, at: 0 }];
    const request = {
      userKey: null,
      history,
      at: 0,
      first: 10,
      beamWidth: BEAM_WIDTH,
      temperature: 0,
      seed: 0,
      view: ids.trie,
    };
    if (ids.trie.size > 0) await this.recommend(Array<TigerRequest>(users).fill(request), ids);
  }

  /** Frees the weights as soon as no list is being made with them. */
  disposeWhenIdle(): void {
    this.isUnwanted = true;
    this.disposeIfDone();
  }

  private weightsFor({ isSeenKept = false }: TigerRequest): ListMaking {
    return isSeenKept ? this.weights.seenKept : this.weights.unseen;
  }

  private async batchCandidates(requests: readonly TigerRequest[], ids: ServedIds): Promise<Candidates[]> {
    const { idLength, codebookSize } = this.model.vocabulary;
    const histories = requests.map((request) => this.historyOf(request));
    const live = this.liveRows.of(ids.trie);
    const textWeights = requests.map((request) => this.weightsFor(request).textWeight);
    const scorer = await this.scorer.start(histories, { textWeights, live });
    const users = requests.map((request) => ({
      view: request.view,
      full: ids.trie,
      beamWidth: this.beamWidthFor(request),
      ranking: rankingOf(request, idLength),
    }));
    const found = await beamSearch({ scorer, users, idLength, codebookSize });
    return requests.map((request, i) => this.gather(request, histories[i], found[i], scorer.itemScores(i), ids, live));
  }

  private gather(
    request: TigerRequest,
    history: DecodeHistory,
    found: readonly FoundItem[],
    scores: UserScores,
    ids: ServedIds,
    live: Float32Array,
  ): Candidates {
    const { itemIds } = this.parts;
    const weights = this.weightsFor(request);
    const qualifies = (row: number) => {
      const codes = itemIds[row] < 0 ? null : ids.get(itemIds[row]);
      const leaf = codes && findPrefix(request.view, codes);
      return leaf !== null && request.view.item(leaf) === itemIds[row];
    };
    const size = this.scorer.isExhaustive ? this.beamWidthFor(request) : Math.max(request.first, CANDIDATES);
    const { boosts = [], first } = request;
    const raised = () => this.raised.best(boosts, scores, weights.textWeight, { size: first, qualifies });
    return gatherCandidates(
      { items: scores, ...this.evidence.of(request, history, weights, live), found },
      {
        itemIds,
        rowOf: (itemId) => this.rowOf(itemId),
        qualifies,
        numLive: ids.trie.size,
        byCodes: this.scorer.isExhaustive ? [] : this.nearCodes(request, ids),
        wanted: [
          ...(request.pinned ?? []).map((itemId) => this.rowOf(itemId)),
          ...(this.scorer.isExhaustive ? raised() : []),
        ],
        size,
        textWeight: weights.textWeight,
      },
    );
  }

  private beamWidthFor({ first, beamWidth }: TigerRequest): number {
    return Math.max(first, beamWidth);
  }

  /** @returns Rows of items whose codes begin like those of the newest items of the history, the longest beginnings first. */
  private nearCodes({ history }: TigerRequest, { trie }: ServedIds): ReadonlySet<number> {
    const near = new Set<number>();
    const newest = history.slice(-MAX_HISTORY_TEXTS).reverse();
    for (let length = trie.idLength - 1; length > 0; length--) {
      for (const { codes } of newest) {
        const node = findPrefix(trie, codes.slice(0, length));
        for (const itemId of node?.branch?.itemIds.subarray(node.low, node.high) ?? []) {
          if (near.size === CANDIDATES) return near;
          const row = this.rowOf(itemId);
          if (row >= 0) near.add(row);
        }
      }
    }
    return near;
  }

  private rowOf(itemId: number): number {
    return (this.rows.get(itemId) ?? 0) - 1;
  }

  private historyOf({ userKey, history }: TigerRequest): DecodeHistory {
    const items = history.map(({ itemId, ...event }) => ({ ...event, row: this.rows.get(itemId) ?? UNKNOWN_ITEM }));
    return { userKey, items };
  }

  private disposeIfDone(): void {
    if (!this.isUnwanted || this.running > 0) return;
    this.scorer.dispose();
    disposeParameters(this.model.params);
    this.parts.itemTexts?.dispose();
    this.parts.files?.close();
  }
}

/** @returns Two items whose last codes alone differ: so the model is asked for a code at every level. */
function twoItems({ idLength, codebookSize }: Pick<Vocabulary, 'idLength' | 'codebookSize'>): ServedIds {
  const first = Array<number>(idLength).fill(0);
  return { trie: Trie.ofItems([first, first.with(-1, 1)], codebookSize), get: () => null };
}

function rankingOf({ ranking, shelves, temperature, seed }: TigerRequest, idLength: number): Ranking | undefined {
  if (ranking !== undefined) return ranking;
  if (isSampled(temperature)) return gumbelRanking(byLevel(temperature, idLength), seed);
  return shelves && new SteeredRanking(shelves);
}

function shelfBoosts({ shelves = [] }: TigerRequest, ids: ServedIds): RankBoost[] {
  return shelves.map((shelf) => ({ mask: { has: (itemId) => isOn(shelf, ids.get(itemId) ?? []) }, ...shelf }));
}

function isSampled(temperature: TigerRequest['temperature']): boolean {
  return typeof temperature === 'number' ? temperature > 0 : temperature.some((ofLevel) => ofLevel > 0);
}

function byLevel(temperature: TigerRequest['temperature'], idLength: number): readonly number[] {
  return typeof temperature === 'number' ? Array.from({ length: idLength }, () => temperature) : temperature;
}
