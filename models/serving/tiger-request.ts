/** Requests to a model. */
import type { Ranking } from '../decoding/beam-search';
import type { AllowMask } from '../decoding/restricted-trie';
import type { Shelf } from '../decoding/steering';
import type { Trie } from '../decoding/trie';
import type { TrieView } from '../decoding/trie-view';
import type { SemanticId } from '../semantic-id/semantic-ids';

/** The semantic IDs that lists are made from. */
export interface ServedIds {
  /** The trie of the live items. */
  readonly trie: Trie;
  /** @returns The item's latest codes, also when it is no longer in the trie; null when it never had any. */
  get(itemId: number): SemanticId | null;
}

export interface HistoryItem {
  readonly itemId: number;
  readonly codes: SemanticId;
  /** Index into `KINDS`. */
  readonly kind: number;
  /** How many events it stands for: see `runsOf`. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A request for one user's list. */
export interface TigerRequest {
  /** Hashed into a user token; null: an anonymous history. */
  readonly userKey: string | null;
  /** Oldest first. */
  readonly history: readonly HistoryItem[];
  /** When the list is asked for, in milliseconds since the epoch. */
  readonly at: number;
  /** Length of the list, if enough items qualify. */
  readonly first: number;
  /** Hypotheses that are kept at each level; `first` when that is larger. */
  readonly beamWidth: number;
  /**
   * 0: beam search. Above 0: sampling without replacement; a higher temperature gives more diverse lists. An array has one
   * temperature a level: levels of 0 are searched, the others are sampled.
   */
  readonly temperature: number | readonly number[];
  /** Prefixes whose items are moved up or down; absent: none. A sampled list has none. */
  readonly shelves?: readonly Shelf[];
  /** Decides what the beam keeps, in place of the temperature and the shelves. */
  readonly ranking?: Ranking;
  /** For sampling: equal seeds give equal lists. */
  readonly seed: number;
  /** The trie of the served IDs, or its restriction to the items that qualify. */
  readonly view: TrieView;
  /** Whether the view has items that are hidden otherwise; absent: it has none. */
  readonly isSeenKept?: boolean;
  /** Items that are moved up or down; absent: none. A sampled list has none. */
  readonly boosts?: readonly RequestBoost[];
  /** Items that follow the list, with their scores, if the model knows them; the view need not have them. */
  readonly pinned?: readonly number[];
  /** How many more items than `first` a list may have; they are those that were found in any case. */
  readonly spare?: number;
}

export interface RequestBoost {
  readonly itemIds: Int32Array;
  /** The same items. The same object stands for the same items, for which something may be kept. */
  readonly mask: AllowMask;
  /** The weight of their probability for their rank. */
  readonly factor: number;
}
