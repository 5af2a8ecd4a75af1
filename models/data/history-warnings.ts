/** What the one who trains should know of the histories: they are judged in a way that does not fit every shop. */
import { repeatedShare, type InteractionLog, type Split } from './interactions';

/** With a larger share of repeats, lists of new items miss most of what users do next. */
const MANY_REPEATS = 0.5;

/** @returns A sentence for each thing to know. */
export function historyWarnings(log: InteractionLog, split: Split): string[] {
  const repeated = repeatedShare(log, split) ?? 0;
  if (repeated <= MANY_REPEATS) return [];
  return [
    `histories: ${Math.round(100 * repeated)} % of what is held out are items that the user already had; ` +
      'lists with includeSeen: true fit such a shop, and only the rows with seen items kept measure them',
  ];
}
