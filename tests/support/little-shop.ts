/** A shop small enough to be trained on in seconds: items in families, and users who buy within theirs. */
import { createRandom } from '../../models/math/random';

export const FAMILIES = 4;
const ITEMS_A_FAMILY = 12;
const DIMS = 16;

export interface LittleItem {
  readonly externalId: string;
  readonly title: string;
  readonly categories: readonly string[];
  readonly price: number;
  readonly embedding: readonly number[];
}

/** A vector near those of the family. */
export function familyVector(family: number, seed: number): number[] {
  const random = createRandom(seed, family);
  return Array.from({ length: DIMS }, (_, i) => (i % FAMILIES === family ? 1 : 0) + 0.3 * random.normal());
}

export function littleItems(): LittleItem[] {
  return Array.from({ length: FAMILIES * ITEMS_A_FAMILY }, (_, i) => {
    const family = i % FAMILIES;
    return {
      externalId: `item-${i}`,
      title: `Item ${i}`,
      categories: [`family ${family}`],
      price: 1 + i,
      embedding: familyVector(family, i),
    };
  });
}

/** Each user buys 6 items of one family, an hour apart. */
export function littleInteractions(
  users = 40,
): { eventId: string; user: { externalId: string }; item: { externalId: string }; occurredAt: string }[] {
  return Array.from({ length: users }, (_, user) => {
    const rounds = Array.from({ length: ITEMS_A_FAMILY }, (_, n) => n);
    createRandom(user).shuffle(rounds);
    return rounds.slice(0, 6).map((round, step) => ({
      eventId: `${user}:${step}`,
      user: { externalId: `user-${user}` },
      item: { externalId: `item-${round * FAMILIES + (user % FAMILIES)}` },
      occurredAt: new Date(Date.UTC(2026, 0, 1 + user, step)).toISOString(),
    }));
  }).flat();
}
