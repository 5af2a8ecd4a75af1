/** Asks a model about users with held-out interactions, in this thread or with the help of others. */
import { BEAM_WIDTH, MAX_HISTORY } from '../config';
import { heldOut, type HeldOut, type InteractionLog, type Split, type SplitPart } from '../data/interactions';
import type { Candidates } from '../decoding/mixture';
import type { AllowMask } from '../decoding/restricted-trie';
import { Trie } from '../decoding/trie';
import { evenlySpread } from '../math/arrays';
import { inOrder } from '../math/lazy';
import type { SemanticId } from '../semantic-id/semantic-ids';
import type { Tiger } from '../serving/tiger-model';
import type { MixtureWeights } from '../serving/tiger-parts';
import type { ServedIds, TigerRequest } from '../serving/tiger-request';
import { LIST_SIZE } from './metrics';

/** Users that are ranked between two reports. */
const CHUNK = 32;
/** Chunks that each helper has before it, so that it need not wait for this thread. */
const CHUNKS_AHEAD = 2;
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
  /** Whether hidden items may be in the lists, and count as targets; absent: they may not. */
  readonly isSeenKept?: boolean;
  /** Item rows that may be in the user's list; absent: all. */
  readonly only?: (one: HeldOut) => AllowMask;
  /** Absent: 0. */
  readonly temperature?: TigerRequest['temperature'];
  readonly onProgress?: (done: number) => void;
  readonly signal: AbortSignal;
}

/** A pass as plain data. */
export interface SearchPass extends Omit<RankOptions, 'only' | 'onProgress' | 'signal'> {
  readonly weights: MixtureWeights;
}

/** Searches in another thread, with the same model and input. */
export interface SearchHelper {
  /** @returns The candidates of `HeldOutRanker.candidates`. */
  candidates(pass: SearchPass, at: number): Promise<readonly Candidates[]>;
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

  /** Whether there is an item head. */
  get hasItemHead(): boolean {
    return this.tiger.hasItemHead;
  }

  /** How much each part counts, and how the evidence reads histories. */
  get weights(): MixtureWeights {
    return this.tiger.weights;
  }

  set weights(weights: MixtureWeights) {
    this.tiger.weights = weights;
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
   * @param keep - Makes what is kept of a user: the candidates of a million users would not fit into memory.
   * @returns The results of `keep`, one per user.
   */
  async rank<T>(options: RankOptions, keep: (one: HeldOut, candidates: Candidates) => T): Promise<T[]> {
    const cases = this.cases(options);
    const kept: T[] = [];
    const starts = Array.from({ length: Math.ceil(cases.length / CHUNK) }, (_, i) => i * CHUNK);
    const ahead = Math.max(1, CHUNKS_AHEAD * this.help.helpers.length);
    for await (const found of inOrder(starts, ahead, (at) => this.candidatesFrom(at, cases, options))) {
      found.forEach((candidates) => kept.push(keep(cases[kept.length], candidates)));
      options.onProgress?.(kept.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return kept;
  }

  /**
   * Searches for a helper's caller.
   *
   * @param at - The first of the pass's users that are searched for.
   */
  candidates({ weights, ...options }: SearchPass, at: number): Promise<Candidates[]> {
    this.weights = weights;
    return this.search(this.cases(options), at, options);
  }

  private search(cases: readonly HeldOut[], at: number, options: Omit<RankOptions, 'signal'>): Promise<Candidates[]> {
    const requests = cases.slice(at, at + CHUNK).map((one) => this.request(one, options));
    return this.tiger.candidates(requests, this.catalogue);
  }

  private async candidatesFrom(
    at: number,
    cases: readonly HeldOut[],
    options: RankOptions,
  ): Promise<readonly Candidates[]> {
    options.signal.throwIfAborted();
    return (await this.askHelper(at, options)) ?? this.search(cases, at, options);
  }

  /** @returns Null: this thread has to search, since there are no helpers, or since they cannot know what qualifies. */
  private async askHelper(
    at: number,
    { only, signal, part, first, users, isSeenKept, temperature }: RankOptions,
  ): Promise<readonly Candidates[] | null> {
    const { helpers } = this.help;
    if (only !== undefined || helpers.length === 0) return null;
    const helper = helpers[(at / CHUNK) % helpers.length];
    try {
      return await helper.candidates({ part, first, users, isSeenKept, temperature, weights: this.weights }, at);
    } catch {
      signal.throwIfAborted();
      await this.dismissHelpers(); // such as those that had too little memory: this thread has enough
      return null;
    }
  }

  private request(one: HeldOut, options: Omit<RankOptions, 'signal'>): TigerRequest {
    const { user, history, kinds, counts, times, hidden, at } = one;
    const { semanticIds, log, seed } = this.input;
    const first = Math.max(0, history.length - MAX_HISTORY);
    const codes = Int32Array.from(Array.from(hidden).flatMap((item) => semanticIds[item]));
    return {
      userKey: log.userKeys[user],
      history: Array.from(history.subarray(first), (item, i) => {
        const position = first + i;
        const [kind, count] = [kinds[position], counts[position]];
        return { itemId: item, codes: semanticIds[item], kind, count, at: times[position] };
      }),
      at,
      first: options.first ?? LIST_SIZE,
      beamWidth: BEAM_WIDTH,
      temperature: options.temperature ?? 0,
      seed: (Math.imul(seed, 0x9e3779b1) + user) | 0, // each user has a seed of their own
      view: this.trie.restrict({
        allow: options.only?.(one),
        deny: options.isSeenKept ? undefined : { itemIds: hidden, codes },
      }),
      isSeenKept: options.isSeenKept,
    };
  }
}
