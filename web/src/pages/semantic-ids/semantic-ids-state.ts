/** What the page of semantic IDs shows, as its address says it. */
import { codesValue, oneOf, type UrlShape } from '../../components/url-state/use-url-state';

const VIEWS = ['trie', 'codebooks', 'collisions', 'reassign'] as const;

export interface SemanticIdsState {
  readonly view: (typeof VIEWS)[number];
  /** The node of the trie in the middle. */
  readonly prefix: readonly number[];
}

export const SEMANTIC_IDS_STATE: UrlShape<SemanticIdsState> = { view: oneOf(VIEWS, 'trie'), prefix: codesValue };
