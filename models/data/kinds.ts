/** The kinds of interactions, and how much one of each counts. */
import { KIND_WEIGHTS } from '../config';

/** The kind of an interaction is an index into this list. */
export const KINDS = ['PURCHASE', 'CART', 'VIEW', 'RATING'] as const;
export type Kind = (typeof KINDS)[number];

export const PURCHASE = KINDS.indexOf('PURCHASE');
export const VIEW = KINDS.indexOf('VIEW');

/** @throws {RangeError} When there is no such kind. */
export function kindOf(name: string): number {
  const kind = KINDS.indexOf(name as Kind);
  if (kind === -1) throw new RangeError(`kind: expected one of ${KINDS.join(', ')}, got ${name}`);
  return kind;
}

/** @returns How much an interaction of that kind counts: see `KIND_WEIGHTS`. */
export function weightOfKind(kind: number): number {
  return KIND_WEIGHTS[KINDS[kind]];
}

/** @returns Whether the item was bought: an item that is rated was bought, wherever that was. */
export function isBought(kind: number): boolean {
  return KINDS[kind] === 'PURCHASE' || KINDS[kind] === 'RATING';
}
