/** A trained model that serves: it reads histories and makes lists of items that a trie allows. */
import { BEAM_WIDTH, DECODE_BATCH } from '../config';
import { beamSearch, type FoundItem, type Ranking, type SearchUser } from '../decoding/beam-search';
import { mixProbabilities, type NormedLogits } from '../decoding/evidence';
import { fuse, type Candidates, type Recommendation } from '../decoding/fusion';
import { gumbelRanking } from '../decoding/sampling';
import { Trie } from '../decoding/trie';
import { findPrefix } from '../decoding/trie-view';
import { rankTopK } from '../math/top-k';
import { UNKNOWN_ITEM, type Seq2Seq } from '../seq2seq/batches';
import type { DecodeHistory } from '../seq2seq/history-inputs';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { openScorer, type Scorer } from '../seq2seq/scorer';
import type { Vocabulary } from '../seq2seq/vocabulary';
import type { TextSpace } from '../text/text-space';
import { HistoryEvidence, type Probabilities } from './history-evidence';
import { ItemRows, LiveRows } from './item-rows';
import { type ItemHeadWeights, NO_WEIGHTS, type SeenKeptWeights, type TigerParts } from './tiger-parts';
import type { Mixture, ServedIds, TigerRequest, UserFindings } from './tiger-request';

/** The findings that a list of one user is made from. */
interface UserParts extends UserFindings {
  readonly neighbours: Probabilities;
  readonly repeats: Probabilities;
}

export class Tiger {
  /** Item id → row of the item vectors. */
  private readonly rows: ItemRows;
  private readonly liveRows: LiveRows;
  private readonly evidence: HistoryEvidence;
  /** A training sets several, one after another, to compare them. */
  weights: ItemHeadWeights;
  private running = 0;
  private isUnwanted = false;

  private constructor(
    private readonly parts: TigerParts,
    private readonly scorer: Scorer,
  ) {
    this.weights = weightsOf(parts);
    this.rows = new ItemRows(parts.itemIds);
    this.liveRows = new LiveRows(this.rows, parts.itemIds.length);
    this.evidence = new HistoryEvidence(parts, this.liveRows);
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

  /** Whether the item head has a text half. */
  get hasItemTexts(): boolean {
    return (this.parts.itemTexts ?? null) !== null;
  }

  /** How many numbers the sequence model has learned. */
  get parameterCount(): number {
    return countParameters(this.model.params);
  }

  /**
   * @returns One list a request, best first, at most `first` long, without an item twice. A sampled list is the decoder's alone,
   *   in the order drawn.
   */
  async recommend(requests: readonly TigerRequest[], ids: ServedIds): Promise<Recommendation[][]> {
    const candidates = await this.candidates(requests, ids);
    return candidates.map((ofUser, i) => {
      const { temperature, first } = requests[i];
      return fuse(ofUser, isSampled(temperature) ? 0 : this.weightsFor(requests[i]).itemHeadShare).slice(0, first);
    });
  }

  /** @returns What each head says, for each request. Each head's list is as long as the larger of `beamWidth` and `first`. */
  async candidates(requests: readonly TigerRequest[], ids: ServedIds): Promise<Candidates[]> {
    const found = await this.mixtures(requests, ids);
    return found.map((mixture, i) => mixture(this.weightsFor(requests[i]).neighbourShare));
  }

  /** @returns The same, for each share of the neighbours: they come in after the model has run, so that it runs once for all shares. */
  async mixtures(requests: readonly TigerRequest[], ids: ServedIds): Promise<Mixture[]> {
    const parts = await this.userParts(requests, ids);
    return parts.map((ofUser, i) => this.mixture(ofUser, requests[i], ids));
  }

  /** @returns What `mixtureOf` makes the same mixtures from, in another thread too. */
  async findings(requests: readonly TigerRequest[], ids: ServedIds): Promise<UserFindings[]> {
    const parts = await this.userParts(requests, ids);
    return parts.map(({ decoder, own }) => ({ decoder, own }));
  }

  mixtureOf(findings: UserFindings, request: TigerRequest, ids: ServedIds): Mixture {
    return this.mixture({ ...findings, ...this.evidenceOf(this.historyOf(request), request, ids) }, request, ids);
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
    const history = [{ itemId: -1, codes: Array.from({ length: idLength }, () => 0), kind: 0, at: 0 }];
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

  private async userParts(requests: readonly TigerRequest[], ids: ServedIds): Promise<UserParts[]> {
    this.running++;
    try {
      const found: UserParts[] = [];
      for (let at = 0; at < requests.length; at += DECODE_BATCH) {
        found.push(...(await this.batchParts(requests.slice(at, at + DECODE_BATCH), ids)));
      }
      return found;
    } finally {
      this.running--;
      this.disposeIfDone();
    }
  }

  private historyOf({ userKey, history }: TigerRequest): DecodeHistory {
    const items = history.map(({ itemId, codes }) => ({ codes, row: this.rows.get(itemId) ?? UNKNOWN_ITEM }));
    return { userKey, items };
  }

  private weightsFor({ isSeenKept }: TigerRequest): SeenKeptWeights & ItemHeadWeights {
    const { itemHeadShare, seenKept } = this.parts;
    return { itemHeadShare, ...this.weights, ...(isSeenKept ? seenKept : {}) };
  }

  private async batchParts(requests: readonly TigerRequest[], ids: ServedIds): Promise<UserParts[]> {
    const { idLength, codebookSize } = this.model.vocabulary;
    const histories = requests.map((request) => this.historyOf(request));
    const evidence = requests.map((request, i) => this.evidenceOf(histories[i], request, ids));
    const live = this.liveRows.of(ids.trie);
    const scorer = await this.scorer.start(histories, { textWeight: this.weights.textWeight, live });
    const users = requests.map((request) => this.searchUser(request, ids));
    const lists = foundBefore(requests) ?? (await beamSearch({ scorer, users, idLength, codebookSize }));
    return lists.map((decoder, i) => ({ decoder, own: scorer.itemScores(i), ...evidence[i] }));
  }

  private searchUser(request: TigerRequest, ids: ServedIds): SearchUser {
    return {
      view: request.view,
      full: ids.trie,
      beamWidth: Math.max(request.first, request.beamWidth),
      ranking: rankingOf(request, this.model.vocabulary.idLength),
    };
  }

  private evidenceOf(
    history: DecodeHistory,
    request: TigerRequest,
    { trie }: ServedIds,
  ): Pick<UserParts, 'neighbours' | 'repeats'> {
    const { neighbourDecay, repeatDecay } = this.weightsFor(request);
    const rows = rowsOf(history);
    return {
      neighbours: this.evidence.neighbours(rows, neighbourDecay, trie),
      repeats: this.evidence.repeats(rows, repeatDecay, trie),
    };
  }

  private mixture({ decoder, own, neighbours, repeats }: UserParts, request: TigerRequest, ids: ServedIds): Mixture {
    return (neighbourShare, repeatShare = this.weightsFor(request).repeatShare) => {
      const mixed = own && mixedWith(repeats, repeatShare, mixedWith(neighbours, neighbourShare, own));
      return { decoder, ...this.byItemHead(mixed, request, ids) };
    };
  }

  private byItemHead(
    own: NormedLogits | null,
    { view, first, beamWidth }: TigerRequest,
    ids: ServedIds,
  ): Omit<Candidates, 'decoder'> {
    if (own === null) return { itemHead: null, itemHeadScore: () => null };
    const { logits, norm } = own;
    const { itemIds } = this.parts;
    const qualifies = (itemId: number) => {
      const codes = ids.get(itemId);
      const leaf = codes && findPrefix(view, codes);
      return leaf !== null && view.item(leaf) === itemId;
    };
    return {
      itemHead: rankTopK(logits, Math.max(first, beamWidth), (row) => qualifies(itemIds[row])).map(
        (row) => itemIds[row],
      ),
      itemHeadScore: (itemId) => {
        const row = this.rows.get(itemId);
        return row === undefined ? null : logits[row - 1] - norm;
      },
    };
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

/** @returns Rows of the item vectors, oldest first. */
function rowsOf({ items }: DecodeHistory): number[] {
  return items.map(({ row }) => row);
}

/** @returns What was found for each of the requests before; null: some have to be searched for. */
function foundBefore(requests: readonly TigerRequest[]): (readonly FoundItem[])[] | null {
  const found = requests.flatMap((request) => (request.found ? [request.found] : []));
  return found.length === requests.length ? found : null;
}

function mixedWith(probabilities: Probabilities, share: number, own: NormedLogits): NormedLogits {
  return share === 0 ? own : mixProbabilities(own, probabilities(), share);
}

function weightsOf(parts: TigerParts): ItemHeadWeights {
  const { textWeight, neighbourShare, neighbourDecay, repeatShare, repeatDecay } = { ...NO_WEIGHTS, ...parts };
  return { textWeight, neighbourShare, neighbourDecay, repeatShare, repeatDecay };
}

function rankingOf({ temperature, seed }: TigerRequest, idLength: number): Ranking | undefined {
  return isSampled(temperature) ? gumbelRanking(byLevel(temperature, idLength), seed) : undefined;
}

function isSampled(temperature: TigerRequest['temperature']): boolean {
  return typeof temperature === 'number' ? temperature > 0 : temperature.some((ofLevel) => ofLevel > 0);
}

function byLevel(temperature: TigerRequest['temperature'], idLength: number): readonly number[] {
  return typeof temperature === 'number' ? Array.from({ length: idLength }, () => temperature) : temperature;
}
