/** The lists of the shop's pages: server and browser ask for the same ones. */
import type { ListQuestion } from '@tigerql/client';

/** Who shops: a user who is logged in, or a visitor. */
export interface Shopper {
  readonly user: string | null;
  readonly visitor: string;
}

type Question = ListQuestion & { readonly placement: string };

const subjectOf = ({ user, visitor }: Shopper) => (user === null ? { visitor } : { user });

export const forYou = (shopper: Shopper): Question => ({
  ...subjectOf(shopper),
  placement: 'home/for-you',
  first: 12,
});

export const trending = (): Question => ({ trending: true, placement: 'home/trending', first: 12 });

export const season = (shopper: Shopper): Question => ({
  ...subjectOf(shopper),
  placement: 'home/christmas',
  first: 12,
  options: { filter: { categories: ['Christmas'] } },
});

export const forYouIn = (shopper: Shopper, category: string): Question => ({
  ...subjectOf(shopper),
  placement: 'category/for-you',
  first: 8,
  options: { filter: { categories: [category] } },
});

/** About the item alone: beside the history of a shopper who has bought much, one item more changes little. */
export const goesWith = (item: string): Question => ({ item, placement: 'item/goes-with', first: 8 });

/** About the cart alone; while it is empty, about the shopper. */
export const beforeYouGo = (shopper: Shopper, items: readonly string[]): Question => ({
  ...(items.length === 0 ? subjectOf(shopper) : { history: items.slice(-50) }),
  placement: 'cart/goes-with',
  first: 8,
});

export const afterOrder = (shopper: Shopper): Question => ({
  ...subjectOf(shopper),
  placement: 'thanks/for-you',
  first: 8,
});
