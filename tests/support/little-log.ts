/** Interaction logs and semantic IDs small enough to check by eye. */
import type { HeldOut, InteractionLog, Split } from '../../models/data/interactions';
import { KIND_RULES, kindOf, PURCHASE, type Kind } from '../../models/data/kinds';
import { LogBuilder } from '../../models/data/log-builder';
import { createRandom } from '../../models/math/random';
import type { SemanticId } from '../../models/semantic-id/semantic-ids';

/** Users as lists of baskets, each a list of item rows. */
export function logOf(users: readonly (readonly (readonly number[])[])[]): InteractionLog {
  const events = users.map((baskets) => baskets.flatMap((items, time) => items.map((item) => ({ item, time }))));
  let end = 0;
  const ends = events.map(({ length }) => (end += length));
  return allBought({
    userKeys: users.map((_, user) => `u${user}`),
    offsets: Int32Array.from([0, ...ends]),
    items: Int32Array.from(events.flat(), ({ item }) => item),
    times: Float64Array.from(events.flat(), ({ time }) => time),
  });
}

/** Makes purchases of all interactions. */
export function allBought(log: Omit<InteractionLog, 'kinds' | 'counts' | 'rules'>): InteractionLog {
  const { length } = log.items;
  const [kinds, counts] = [new Uint8Array(length).fill(PURCHASE), new Int32Array(length).fill(1)];
  return { ...log, kinds, counts, rules: KIND_RULES };
}

/** Users as lists of events, oldest first: item row, kind and time. */
export function eventLog(
  users: readonly (readonly (readonly [number, Kind, number])[])[],
  rules = KIND_RULES,
): InteractionLog {
  const builder = new LogBuilder<number>(rules);
  users.forEach((events, user) =>
    events.forEach(([item, kind, time]) => builder.add(user, { item, kind: kindOf(kind), time })),
  );
  return { ...builder.build(), userKeys: builder.users.map((user) => `u${user}`) };
}

/** A user who bought these items, one after the other, and then the targets. */
export function caseOf(history: readonly number[], targets: readonly number[] = [], user = 0): HeldOut {
  const items = Int32Array.from(history);
  const times = Float64Array.from(items.keys());
  const kinds = new Uint8Array(items.length).fill(PURCHASE);
  const counts = new Int32Array(items.length).fill(1);
  const events = { history: items, times, kinds, counts, hidden: items };
  return { user, ...events, at: items.length, targets: Int32Array.from(targets) };
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

/** @returns The split of the same rule whose training part is the whole log. */
export function nothingHeldOut({ offsets }: InteractionLog, { rule }: Split): Split {
  const ends = offsets.slice(1);
  return { rule, trainEnd: ends, validationEnd: ends };
}
