/** What the page of semantic IDs shows, as its address says it. */
import { oneOf, type UrlShape, type UrlValue } from '../../components/url-state/use-url-state';

/** Codes as `12.24`. */
const codesValue: UrlValue<readonly number[]> = {
  read: (text) => (/^\d+(\.\d+)*$/.test(text ?? '') ? text!.split('.').map(Number) : []),
  write: (codes) => (codes.length === 0 ? null : codes.join('.')),
};

const VIEWS = ['trie', 'codebooks', 'collisions', 'reassign'] as const;

export interface SemanticIdsState {
  readonly view: (typeof VIEWS)[number];
  /** The node of the trie in the middle. */
  readonly prefix: readonly number[];
}

export const SEMANTIC_IDS_STATE: UrlShape<SemanticIdsState> = { view: oneOf(VIEWS, 'trie'), prefix: codesValue };
