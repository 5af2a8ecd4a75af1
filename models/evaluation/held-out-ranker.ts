/** Asks a model about users with held-out interactions, in this thread or with the help of others. */
import { BEAM_WIDTH, MAX_HISTORY } from '../config';
import { heldOut, type HeldOut, type InteractionLog, type Split, type SplitPart } from '../data/interactions';
import type { Candidates } from '../decoding/fusion';
import type { AllowMask } from '../decoding/restricted-trie';
import { Trie } from '../decoding/trie';
import { evenlySpread } from '../math/arrays';
import { inOrder } from '../math/lazy';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Tiger } from '../serving/tiger-model';
import type { ItemHeadWeights } from '../serving/tiger-parts';
import type { Mixture, ServedIds, TigerRequest, UserFindings } from '../serving/tiger-request';
import { LIST_SIZE } from './head-ranks';

/** Users that are ranked between two reports. */
const CHUNK = 32;
/** Chunks that each helper has before it, so that it need not wait for this thread. */
const CHUNKS_AHEAD = 2;
/** Users whose findings each helper has in memory. */
export const FINDINGS_PER_HELPER = CHUNK * CHUNKS_AHEAD;

export interface EvaluationInput {
  readonly log: InteractionLog;
  readonly split: Split;
  /** One for each item row. */
  readonly semanticIds: readonly SemanticId[];
  /** Codes per level, K. */
  readonly codebookSize: number;
  readonly seed: number;
}

export interface RankOptions {
  readonly part: SplitPart;
  /** Length of the lists; absent: `LIST_SIZE`. The beam is as wide as in serving for lists of that length. */
  readonly first?: number;
  /** How many users are ranked for, evenly spread; absent: all. */
  readonly users?: number;
  /** Whether items that the user has may be in the lists, and count as targets; absent: they may not. */
  readonly isSeenKept?: boolean;
  /** Item rows that may be in the user's list; absent: all. */
  readonly only?: (one: HeldOut) => AllowMask;
  /** Absent: 0. */
  readonly temperature?: TigerRequest['temperature'];
  /** Items that the decoder found, by user. The first of several passes with the same options fills it, and the others need not search. */
  readonly found?: Map<number, Candidates['decoder']>;
  readonly onProgress?: (done: number) => void;
  readonly signal: AbortSignal;
}

/** A pass as plain data: what is searched for in it. */
export interface SearchPass extends Omit<RankOptions, 'only' | 'found' | 'onProgress' | 'signal'> {
  readonly weights: ItemHeadWeights;
  /** Whether the decoder's lists are known, so that only the item head is asked. */
  readonly isFound: boolean;
}

/** Searches in another thread, with the same model and input. */
export interface SearchHelper {
  /** @returns The findings of `HeldOutRanker.findings`. */
  findings(pass: SearchPass, at: number): Promise<readonly UserFindings[]>;
}

export interface SearchHelpers {
  readonly helpers: readonly SearchHelper[];
  dispose(): Promise<void>;
}

export const NO_HELP: SearchHelpers = { helpers: [], dispose: () => Promise.resolve() };

/** Ranks items for users that have something held out. */
export class HeldOutRanker {
  private readonly trie: Trie;
  private readonly catalogue: ServedIds;
  /** Both parts, without and with repeated targets: each is asked for dozens of times. */
  private readonly allCases = new Map<string, readonly HeldOut[]>();
  private help = NO_HELP;

  constructor(
    private readonly tiger: Tiger,
    readonly input: EvaluationInput,
  ) {
    this.trie = Trie.ofItems(input.semanticIds, input.codebookSize);
    this.catalogue = { trie: this.trie, get: (item) => input.semanticIds[item] ?? null };
  }

  /** Whether the item head has a text half. */
  get hasTexts(): boolean {
    return this.tiger.hasItemTexts;
  }

  /** Whether there is an item head. */
  get hasItemHead(): boolean {
    return this.tiger.hasItemHead;
  }

  /** Weights of the item head. */
  get weights(): ItemHeadWeights {
    return this.tiger.weights;
  }

  setWeights(weights: Partial<ItemHeadWeights>): void {
    this.tiger.weights = { ...this.tiger.weights, ...weights };
  }

  /** @param help - Who searches in place of this thread, until they are dismissed. The model must not change meanwhile. */
  accept(help = NO_HELP): void {
    this.help = help;
  }

  async dismissHelpers(): Promise<void> {
    const { help } = this;
    this.help = NO_HELP;
    await help.dispose();
  }

  /** @returns The users that a pass ranks for. */
  cases({
    part,
    users = Infinity,
    isSeenKept,
  }: Pick<RankOptions, 'part' | 'users' | 'isSeenKept'>): readonly HeldOut[] {
    return evenlySpread(this.casesOf(part, isSeenKept), users);
  }

  private casesOf(part: SplitPart, isSeenKept = false): readonly HeldOut[] {
    const key = `${part} ${isSeenKept}`;
    const found = this.allCases.get(key) ?? heldOut(this.input.log, this.input.split, part, isSeenKept);
    this.allCases.set(key, found);
    return found;
  }

  /**
   * @param keep - Makes what is kept of a user: the candidates of all users would not fit into memory.
   * @returns The results of `keep`, one per user.
   */
  rank<T>(options: RankOptions, keep: (one: HeldOut, candidates: Candidates) => T): Promise<T[]> {
    const share = this.weights.neighbourShare;
    return this.rankMixtures(options, (one, mixture) => keep(one, mixture(share)));
  }

  /** The same, for several shares of the neighbours in one pass. */
  async rankMixtures<T>(options: RankOptions, keep: (one: HeldOut, mixture: Mixture) => T): Promise<T[]> {
    const cases = this.cases(options);
    const kept: T[] = [];
    const starts = Array.from({ length: Math.ceil(cases.length / CHUNK) }, (_, i) => i * CHUNK);
    const ahead = Math.max(1, CHUNKS_AHEAD * this.help.helpers.length);
    for await (const mixtures of inOrder(starts, ahead, (at) => this.mixturesFrom(at, cases, options))) {
      const chunk = cases.slice(kept.length, kept.length + CHUNK);
      kept.push(...mixtures.map((mixture, i) => keep(chunk[i], mixture)));
      chunk.forEach(({ user }, i) => {
        if (options.found?.has(user) === false) options.found.set(user, mixtures[i](0).decoder);
      });
      options.onProgress?.(kept.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return kept;
  }

  /**
   * Searches for a helper's caller, who has all else that a list is made from.
   *
   * @param at - The first of the pass's users that are searched for.
   */
  findings({ weights, isFound, ...options }: SearchPass, at: number): Promise<UserFindings[]> {
    this.setWeights(weights);
    const chunk = this.cases(options).slice(at, at + CHUNK);
    const known = isFound ? { found: [] } : {};
    const requests = chunk.map((one) => ({ ...this.request(one, options), ...known }));
    return this.tiger.findings(requests, this.catalogue);
  }

  private async mixturesFrom(at: number, cases: readonly HeldOut[], options: RankOptions): Promise<Mixture[]> {
    options.signal.throwIfAborted();
    const requests = cases.slice(at, at + CHUNK).map((one) => this.request(one, options));
    const findings = await this.askHelper(at, requests, options);
    if (findings === null) return this.tiger.mixtures(requests, this.catalogue);
    return requests.map((request, i) => {
      const { decoder, own } = findings[i];
      return this.tiger.mixtureOf({ decoder: request.found ?? decoder, own }, request, this.catalogue);
    });
  }

  /** @returns Null: this thread has to search, since there are no helpers, or since they cannot know what qualifies. */
  private async askHelper(
    at: number,
    requests: readonly TigerRequest[],
    { only, signal, part, first, users, isSeenKept, temperature }: RankOptions,
  ): Promise<readonly UserFindings[] | null> {
    const { helpers } = this.help;
    if (only !== undefined || helpers.length === 0) return null;
    const helper = helpers[(at / CHUNK) % helpers.length];
    const isFound = requests.every(({ found }) => found !== undefined);
    const pass = { part, first, users, isSeenKept, temperature, weights: this.weights, isFound };
    try {
      return await helper.findings(pass, at);
    } catch {
      signal.throwIfAborted();
      await this.dismissHelpers(); // such as those that had too little memory: this thread has enough
      return null;
    }
  }

  private request(one: HeldOut, options: Omit<RankOptions, 'signal'>): TigerRequest {
    const { user, history: seen, kinds, times, at } = one;
    const { semanticIds, log, seed } = this.input;
    const first = Math.max(0, seen.length - MAX_HISTORY);
    const codes = Int32Array.from(Array.from(seen).flatMap((item) => semanticIds[item]));
    return {
      userKey: log.userKeys[user],
      history: Array.from(seen.subarray(first), (item, i) => {
        return { itemId: item, codes: semanticIds[item], kind: kinds[first + i], at: times[first + i] };
      }),
      at,
      first: options.first ?? LIST_SIZE,
      beamWidth: BEAM_WIDTH,
      temperature: options.temperature ?? 0,
      found: options.found?.get(user),
      seed: (Math.imul(seed, 0x9e3779b1) + user) | 0, // each user has a seed of their own
      view: this.trie.restrict({
        allow: options.only?.(one),
        deny: options.isSeenKept ? undefined : { itemIds: seen, codes },
      }),
    };
  }
}
