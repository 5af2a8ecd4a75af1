/** Warns the person who trains when the way in which lists are measured does not fit the histories of the shop. */
import {
  coldShare,
  hasBaskets,
  heldOut,
  MANY_REPEATS,
  repeatedShare,
  type InteractionLog,
  type Split,
} from './interactions';

/** The figures of fewer users say nothing: by chance they may all be equal. */
const MIN_TESTED = 5;
/** Where a larger share of the test's targets is in no history before, lists without places for cold items miss much of what comes next. */
const MANY_COLD = 0.1;

/** @returns One sentence for each warning. */
export function historyWarnings(log: InteractionLog, split: Split, numItems: number): string[] {
  return [
    ...orderWarning(log, split),
    ...repeatsWarning(log, split),
    ...coldWarning(coldShare(log, split, numItems)),
    ...fewWarning(log, split),
  ];
}

function orderWarning(log: InteractionLog, { rule }: Split): string[] {
  if (rule === 'last-basket' || !hasBaskets(log)) return [];
  return [
    'histories: expected users with interactions at several times, got hardly any; so the last interactions are held out in the order in ' +
      'which they were recorded, which may mean nothing: give interactions their time of day',
  ];
}

function repeatsWarning(log: InteractionLog, split: Split): string[] {
  const repeated = repeatedShare(log, split) ?? 0;
  if (repeated <= MANY_REPEATS) return [];
  return [
    `histories: ${Math.round(100 * repeated)} % of what is held out are items that the user already had; ` +
      'lists with includeSeen: true fit such a shop, and the figures with seen items kept (seen-kept) measure them',
  ];
}

function coldWarning(cold: number): string[] {
  if (cold <= MANY_COLD) return [];
  return [
    `histories: ${Math.round(100 * cold)} % of what is held out are items that no history had before, and which lists hardly ever have ` +
      'outside the places of coldStartShare; keep places for them, and train again as soon as they have interactions',
  ];
}

function fewWarning(log: InteractionLog, split: Split): string[] {
  const tested = heldOut(log, split, 'test', true).length;
  if (tested >= MIN_TESTED) return [];
  return [
    `histories: expected at least ${MIN_TESTED} users to test on, got ${tested}; so the figures of this version say nothing, and its parts ` +
      'have the weights that most shops choose: import more interactions',
  ];
}
