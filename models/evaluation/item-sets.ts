/** Which user has which items in the training part, without order and repeats, and the form of the matrices that are made of it. */
import { trainingPart, type InteractionLog, type Split } from '../data/interactions';
import { topK } from '../math/top-k';

export interface ItemSets {
  readonly numItems: number;
  /** The item rows of each user. */
  readonly users: readonly Int32Array[];
}

export function itemSets(log: InteractionLog, split: Split, numItems: number): ItemSets {
  const users = Array.from(log.userKeys, (_, user) =>
    Int32Array.from(new Set(log.items.subarray(...trainingPart(log, split, user)))),
  );
  return { numItems, users };
}

/** @returns The sets of the items that most users have, at most `most`. */
export function ofPopular({ users, numItems }: ItemSets, most: number): ItemSets {
  const owners = new Float64Array(numItems);
  for (const items of users) for (const item of items) owners[item]++;
  const kept = new Set(topK(owners, numItems, most));
  return { numItems, users: users.map((items) => items.filter((item) => kept.has(item))) };
}

/** Adds the item's row, times the weight, to the scores of all items. */
export type ItemMatrix = (item: number, weight: number, scores: Float64Array) => void;
