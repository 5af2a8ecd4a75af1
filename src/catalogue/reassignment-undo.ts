/** `undoReassignment`: takes a reassignment back exactly, by what the log says of it. */
import { userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ReassignmentRecord } from '../../graphql/semantic-id/records';
import type { CodeChange } from '../../models/decoding/trie';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { type PlannedCodes, readCodes } from '../semantic-ids/code-plan';
import { placeCodes } from '../semantic-ids/placement';
import { readLogItems } from '../storage/change-log-reads';
import { liveItemIds } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { CatalogueServices } from './changes';
import { carryOut, refuse, staleErrors } from './reassignment';

interface UndoArgs {
  /** The version that the reassignment made. */
  readonly version: number;
  readonly dryRun: boolean;
  readonly ifCatalogueVersion: number | null;
  readonly hasImpact: boolean;
}

/**
 * Gives the items of one reassignment their former semantic IDs back. This is a reassignment too, and can be undone like
 * any other.
 */
export function undoReassignment(
  services: CatalogueServices,
  { version: undoes, dryRun, ifCatalogueVersion, hasImpact }: UndoArgs,
): Promise<ReassignmentRecord> {
  return services.log.exclusive(async (version) => {
    const { read } = services.database;
    const tokenizer = await findActiveTokenizer(read);
    if (tokenizer === null)
      return refuse([undoError('NO_LIVE_MODEL', 'expected an active model version, got none; activate one first')]);
    const stale = staleErrors(version, ifCatalogueVersion);
    if (stale.length > 0) return refuse(stale);
    const errors = await entryErrors(read, tokenizer, undoes);
    if (errors.length > 0) return refuse(errors);
    const done = await readLogItems(read, undoes);
    const changed = await changedSince(read, tokenizer, done);
    if (changed.length > 0) return refuse([await conflict(read, 'items', changed)]);
    const { plan, taken } = await planInverse(read, tokenizer, done);
    if (taken.length > 0) return refuse([await conflict(read, 'codes', taken)]);
    return carryOut(services, tokenizer, plan, { version, dryRun, hasImpact, undoes });
  });
}

/** @returns The mistakes in the change that is to be undone. */
async function entryErrors(
  client: Transaction,
  tokenizer: ActiveTokenizer,
  version: number,
): Promise<UserErrorRecord[]> {
  const row = await client.catalogueLog.findUnique({ where: { version } });
  if (row?.kind !== 'SEMANTIC_IDS_REASSIGNED') {
    const got = row === null ? version : `${version}, which is ${row.kind}`;
    const message = `expected the number of a reassignment, got ${got}; reassignSemanticIds answers with it`;
    return [undoError(row === null ? 'NOT_FOUND' : 'INVALID', message)];
  }
  const { tokenizerId } = row.payload as { readonly tokenizerId?: number | null };
  if (tokenizerId === tokenizer.id) return [];
  const message = `expected a change of the active tokenizer, got ${version}, made under another tokenizer; activate a model version that has it`;
  return [undoError('CONFLICT', message)];
}

/** @returns The items that changed after the reassignment, or that had no semantic ID before it. */
async function changedSince(
  client: Transaction,
  tokenizer: ActiveTokenizer,
  done: readonly CodeChange[],
): Promise<number[]> {
  const itemIds = done.map(({ itemId }) => itemId);
  const present = await readCodes(client, tokenizer.id, itemIds);
  const liveIds = await liveItemIds(client, itemIds);
  const isAsLeft = ({ itemId, before, after }: CodeChange) =>
    before !== null && liveIds.has(itemId) && String(present.get(itemId)) === String(after);
  return done.filter((change) => !isAsLeft(change)).map(({ itemId }) => itemId);
}

async function planInverse(
  client: Transaction,
  tokenizer: ActiveTokenizer,
  done: readonly CodeChange[],
): Promise<{ plan: PlannedCodes[]; taken: number[] }> {
  const wanted = done.map(({ itemId, before }) => ({ itemId, codes: before! })); // the others have been refused
  const placements = await placeCodes(client, tokenizer, wanted);
  const plan = done.map(({ itemId, after }, i) => ({
    itemId,
    before: after,
    codes: wanted[i].codes,
    placement: placements[i],
    madeVector: null,
  }));
  return { plan, taken: plan.filter(({ placement }) => 'refused' in placement).map(({ itemId }) => itemId) };
}

/** How many items an error's message names. */
const NAMED_ITEMS = 5;

async function conflict(
  client: Transaction,
  what: 'items' | 'codes',
  itemIds: readonly number[],
): Promise<UserErrorRecord> {
  const rows = await client.item.findMany({
    where: { id: { in: itemIds.slice(0, NAMED_ITEMS) } },
    select: { externalId: true },
    orderBy: { id: 'asc' },
  });
  const named = rows.map(({ externalId }) => externalId).join(', ') + (itemIds.length > NAMED_ITEMS ? ', …' : '');
  const reasons = {
    items: `expected items as the reassignment left them, got ${itemIds.length} that are not (${named}); reassign items one by one instead`,
    codes: `expected the former codes to be free, got ${itemIds.length} that other items have (of ${named}); reassign items one by one instead`,
  };
  return undoError('CONFLICT', reasons[what]);
}

function undoError(code: 'NO_LIVE_MODEL' | 'NOT_FOUND' | 'INVALID' | 'CONFLICT', message: string): UserErrorRecord {
  return userError(code, `catalogueVersion: ${message}`, 'catalogueVersion');
}
