/** Which user has which items in the training part, without order and repeats, and the form of the matrices that are made of it. */
import { trainingPart, type InteractionLog, type Split } from '../data/interactions';

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

/** Adds the item's row, times the weight, to the scores of all items. */
export type ItemMatrix = (item: number, weight: number, scores: Float64Array) => void;
