/** Chooses on validation how far apart the items of a history count as neighbours. */
import { MEASURED_USERS } from '../config';
import { everyoneValidates, heldOut, type InteractionLog, type Split } from '../data/interactions';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { neighbourRanks } from '../evaluation/item-head-weights';
import { isClearlyBetter } from '../evaluation/metrics';
import { evenlySpread } from '../math/evenly-spread';
import { neighbourTable, type ReachName } from './neighbour-table';

/** By how many standard errors of the difference the wide reach must be better. */
const MIN_ERRORS = 2;

export interface ReachChoice {
  readonly reach: ReachName;
  /** Of the training part. */
  readonly neighbours: NeighbourTable;
}

/**
 * Compares lists of neighbours alone, each with its best decay. The near reach holds unless the wide one is clearly better. Where those who
 * validate a model that is to serve are few, all users tell, though pairs with what is held out of each are not counted then.
 *
 * @throws The signal's reason when it is aborted.
 */
export async function chooseReach(
  log: InteractionLog,
  split: Split,
  numItems: number,
  signal: AbortSignal,
): Promise<ReachChoice> {
  const { validation: enough } = MEASURED_USERS;
  const judged = heldOut(log, split, 'validation', true).length < enough ? everyoneValidates(log, split) : split;
  const cases = evenlySpread(heldOut(log, judged, 'validation'), enough);
  const tried = async (reach: ReachName) => {
    const neighbours = neighbourTable(log, judged, numItems, reach);
    return { reach, neighbours, ranks: await neighbourRanks(neighbours, cases, { signal }) };
  };
  const [near, wide] = [await tried('near'), await tried('wide')];
  const { reach, neighbours } = isClearlyBetter(wide.ranks, near.ranks, MIN_ERRORS) ? wide : near;
  return { reach, neighbours: judged === split ? neighbours : neighbourTable(log, split, numItems, reach) };
}
