/** The kinds of interactions, and what each of them does. */

/** The kind of an interaction is an index into this list. */
export const KINDS = ['PURCHASE', 'CART', 'VIEW', 'RATING', 'LIKE'] as const;
export type Kind = (typeof KINDS)[number];

export interface KindRule {
  /** How much one interaction counts: as a target in the loss, and in popularity. 0: as if it were not there. */
  readonly weight: number;
  /** Whether lists leave out its item, unless they are asked for seen items. */
  readonly hidesItem: boolean;
}

/** In an INTEGER of a database, hundredths of it count two million days of users with one item. */
export const MAX_KIND_WEIGHT = 10;

export type KindRules = Readonly<Record<Kind, KindRule>>;

/**
 * The rules of most shops: what was bought comes no more, what was viewed may. An item that is rated was bought, wherever that was. For
 * neighbours all kinds count alike, which was better on validation in a shop with views. A shop changes them by TIGERQL_KINDS.
 */
export const KIND_RULES: KindRules = {
  PURCHASE: { weight: 1, hidesItem: true },
  RATING: { weight: 1, hidesItem: true },
  LIKE: { weight: 0.5, hidesItem: false },
  CART: { weight: 0.5, hidesItem: false },
  VIEW: { weight: 0.1, hidesItem: false },
};

export const PURCHASE = KINDS.indexOf('PURCHASE');
export const VIEW = KINDS.indexOf('VIEW');

/** @throws {RangeError} When there is no such kind. */
export function kindOf(name: string): number {
  const kind = KINDS.indexOf(name as Kind);
  if (kind === -1) throw new RangeError(`kind: expected one of ${KINDS.join(', ')}, got ${name}`);
  return kind;
}

export function ruleOf(kind: number, rules: KindRules): KindRule {
  return rules[KINDS[kind]];
}

/** @returns Whether the item was bought: an item that is rated was bought, wherever that was. */
export function isBought(kind: number): boolean {
  return KINDS[kind] === 'PURCHASE' || KINDS[kind] === 'RATING';
}

/** Rows of a model's table of kinds. */
export const KIND_ROWS = 4;

/** @returns The row of the kind. A like has the row of a rating, so that models from before there were likes can be read. */
export function rowOfKind(kind: number): number {
  return KINDS[kind] === 'LIKE' ? KINDS.indexOf('RATING') : kind;
}
