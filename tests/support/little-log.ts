/** Interaction logs and semantic IDs small enough to check by eye. */
import type { InteractionLog } from '../../models/data/interactions';
import { createRandom } from '../../models/math/random';
import type { SemanticId } from '../../models/semantic-id/semantic-ids';

/** Users as lists of baskets, each a list of item rows. */
export function logOf(users: readonly (readonly (readonly number[])[])[]): InteractionLog {
  const events = users.map((baskets) => baskets.flatMap((items, time) => items.map((item) => ({ item, time }))));
  let end = 0;
  const ends = events.map(({ length }) => (end += length));
  return {
    userKeys: users.map((_, user) => `u${user}`),
    offsets: Int32Array.from([0, ...ends]),
    items: Int32Array.from(events.flat(), ({ item }) => item),
    times: Float64Array.from(events.flat(), ({ time }) => time),
  };
}

/** Users who walk through the items in order, each from another one: what comes next is certain. */
export function walkingLog(users: number, length: number, numItems: number): InteractionLog {
  return logOf(
    Array.from({ length: users }, (_, user) => Array.from({ length }, (_, step) => [(user + step) % numItems])),
  );
}

/** Distinct IDs of two codes and a collision token, each code below 8. */
export function idsOf(numItems: number): SemanticId[] {
  const order = Array.from({ length: 64 }, (_, i) => i);
  createRandom(11).shuffle(order);
  return Array.from({ length: numItems }, (_, i) => [order[i % 64] >> 3, order[i % 64] & 7, Math.floor(i / 64)]);
}
