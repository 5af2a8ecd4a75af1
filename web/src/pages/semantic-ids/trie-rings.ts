/** A part of the trie in the form that a sunburst takes. */
import { amongThem, itemName } from '../../components/format/format';
import type { TrieChildFragment } from '../../graphql/graphql';

export interface Ring {
  readonly name: string;
  /** Shown under the pointer. */
  readonly title: string;
  readonly codes: readonly number[];
  readonly value: number;
  readonly children?: readonly Ring[];
}

interface Named {
  readonly codes: readonly number[];
  readonly terms?: readonly string[];
}

/** @returns The term that tells it apart most, with the last code; the code alone where nothing does. */
export function nameOf({ codes, terms = [] }: Named): string {
  const code = String(codes[codes.length - 1]);
  return terms.length === 0 ? code : `${code} ${terms[0]}`;
}

/** With more codes the next ring has parts that nobody can see, and takes the room of the names. */
export const MOST_WITH_RINGS = 24;

export function trieRings(children: readonly TrieChildFragment[]): readonly Ring[] {
  const isOneRing = children.length > MOST_WITH_RINGS;
  return children.map((child) => ({
    name: nameOf(child),
    title: [child.codes.join(' '), amongThem(child.terms, 3), ...(child.items?.nodes ?? []).map(itemName)]
      .filter((part) => part !== '')
      .join(' · '),
    codes: child.codes,
    value: child.itemCount,
    children: (isOneRing ? [] : child.children.nodes).map(({ codes, itemCount }) => ({
      name: nameOf({ codes }),
      title: codes.join(' '),
      codes,
      value: itemCount,
    })),
  }));
}
