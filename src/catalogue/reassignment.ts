/** `reassignSemanticIds`: gives items codes that the caller names, or new ones made from their vectors; with a preview. */
import { userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ReassignArgs, ReassignmentRecord } from '../../graphql/semantic-id/records';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { findActiveTokenizer, type ActiveTokenizer, mayBeginWith } from '../semantic-ids/active-tokenizer';
import { fullError, tokenizerError } from '../semantic-ids/code-assigner';
import {
  planCodes,
  planErrors,
  plannedChanges,
  type PlannedCodes,
  type PlanWatch,
  readCodes,
  storePlan,
} from '../semantic-ids/code-plan';
import { itemsToEncode, namedItemsToEncode } from '../semantic-ids/items-to-encode';
import { type Placement, placeCodes } from '../semantic-ids/placement';
import type { LogEntry } from '../storage/change-log';
import { isCode, keysUnder } from '../storage/code-keys';
import type { CatalogueServices } from './changes';
import { liveItemErrors, type NamedAt, readNamedItems } from './item-checks';
import { impactOf } from './reassignment-impact';

type Plan = { readonly plan: readonly PlannedCodes[] } | { readonly userErrors: readonly UserErrorRecord[] };

const ASSIGNMENTS: NamedAt = { name: 'item', fieldOf: (position) => ['assignments', position, 'item'] };

const SELECTORS = ['assignments', 'itemIds', 'prefix', 'all'] as const;

/**
 * Changes the semantic IDs of live items; one wrong entry refuses all. An item that keeps its ID is not among the changes.
 *
 * @param known - Mistakes in single entries that are known already.
 * @param watch - Looks on where new codes are made of items' vectors for a prefix, or for all.
 */
export async function reassignSemanticIds(
  services: CatalogueServices,
  args: ReassignArgs,
  known: readonly UserErrorRecord[],
  watch: PlanWatch = {},
): Promise<ReassignmentRecord> {
  const given = SELECTORS.filter((name) => args[name] !== null && args[name] !== undefined && args[name] !== false);
  if (given.length !== 1) {
    const names = (selectors: readonly string[]) => selectors.join(', ').replace('itemIds', 'items');
    const message = `input: expected one of ${names(SELECTORS)}, got ${names(given) || 'none'}`;
    return refuse([userError('INVALID', message)]);
  }
  return services.log
    .exclusive((version) => reassign(services, args, known, version, watch))
    .catch((error: Error) => refuse([tokenizerError(error)]));
}

async function reassign(
  services: CatalogueServices,
  args: ReassignArgs,
  known: readonly UserErrorRecord[],
  version: number,
  watch: PlanWatch,
): Promise<ReassignmentRecord> {
  const { read } = services.database;
  const tokenizer = await findActiveTokenizer(read);
  if (tokenizer === null) {
    return refuse([
      userError('NO_LIVE_MODEL', 'semantic IDs: expected an active model version, got none; train one and activate it'),
    ]);
  }
  const stale = staleErrors(version, args.ifCatalogueVersion);
  if (stale.length > 0) return refuse(stale);
  const planned = await planOf(services, tokenizer, args, known, watch);
  if ('userErrors' in planned) return refuse(planned.userErrors);
  const { dryRun, hasImpact = true } = args;
  return carryOut(services, tokenizer, planned.plan, { version, dryRun, hasImpact });
}

/** How a plan is carried out. */
interface CarryOutArgs {
  /** The catalogue's version when it was made. */
  readonly version: number;
  readonly dryRun: boolean;
  readonly hasImpact: boolean;
  /** The version of the reassignment that it takes back. */
  readonly undoes?: number;
}

/** Works out what the plan does to others, and carries it out unless it is a dry run. Call it within `exclusive` only. */
export async function carryOut(
  { database, log }: CatalogueServices,
  tokenizer: ActiveTokenizer,
  plan: readonly PlannedCodes[],
  { version, dryRun, hasImpact, undoes }: CarryOutArgs,
): Promise<ReassignmentRecord> {
  const changes = plannedChanges(plan);
  const impact = hasImpact ? await impactOf(database.read, tokenizer, changes) : null;
  const known = { changes, impact, baseVersion: version, userErrors: [] };
  // The present version may be another caller's change, which an undo of it would take back.
  if (dryRun || changes.length === 0) return { ...known, catalogueVersion: null };
  const written = await log.commit(async (transaction) => {
    const items = await storePlan(transaction, tokenizer, plan);
    const entry: LogEntry = { kind: 'SEMANTIC_IDS_REASSIGNED', tokenizerId: tokenizer.id, items, undoes };
    return { result: undefined, entries: [entry] };
  });
  return { ...known, catalogueVersion: written.version };
}

/** @param expected - The version that the caller has seen; null: any will do. */
export function staleErrors(present: number, expected: number | null | undefined): UserErrorRecord[] {
  if ((expected ?? present) === present) return [];
  const message = `ifCatalogueVersion: expected the present version ${present}, got ${expected}; preview again`;
  return [userError('CONFLICT', message, 'ifCatalogueVersion')];
}

function planOf(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  args: ReassignArgs,
  known: readonly UserErrorRecord[],
  watch: PlanWatch,
): Promise<Plan> {
  if (args.assignments) return planAssignments(services, tokenizer, args.assignments, known);
  if (args.itemIds) return planItems(services, tokenizer, args.itemIds, known);
  return planMany(services, tokenizer, args.prefix ?? [], watch);
}

/** Plans new codes for the items that are named. */
async function planItems(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  itemIds: readonly number[],
  known: readonly UserErrorRecord[],
): Promise<Plan> {
  const userErrors = withKnown(known, [
    ...liveItemErrors(itemIds, await readNamedItems(services.database.read, itemIds)),
  ]);
  if (userErrors.length > 0) return { userErrors };
  const plan = await planCodes(services, tokenizer, await namedItemsToEncode(services.database.read, itemIds));
  return checked(plan, tokenizer, (itemId) => ['items', itemIds.indexOf(itemId)]);
}

/** Plans new codes for all items below a prefix; every item is below the empty prefix. */
async function planMany(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  prefix: readonly number[],
  watch: PlanWatch,
): Promise<Plan> {
  const under = prefix.length === 0 ? {} : underPrefix(prefix, tokenizer);
  const items = await itemsToEncode(services.database.read, { AND: [under, { removedAt: null }] });
  const plan = await planCodes(services, tokenizer, items, watch);
  if (plan.length === 0 && prefix.length > 0) {
    const message = `prefix: expected codes that some item begins with, got [${prefix.join(', ')}]; semanticIdPrefix shows its children`;
    return { userErrors: [userError('NOT_FOUND', message, 'prefix')] };
  }
  return checked(plan, tokenizer, () => []);
}

/** The items whose semantic ID begins with these codes; none when there is no such prefix. */
function underPrefix(codes: readonly number[], tokenizer: ActiveTokenizer): Prisma.ItemWhereInput {
  if (!mayBeginWith(tokenizer, codes)) return { id: { in: [] } };
  const range = keysUnder(codes, tokenizer.idLength);
  return { semanticIds: { some: { tokenizerId: tokenizer.id, codesKey: { ...range } } } };
}

function checked(
  plan: PlannedCodes[],
  tokenizer: ActiveTokenizer,
  fieldOf: (itemId: number) => (string | number)[],
): Plan {
  const userErrors = planErrors(plan, tokenizer, fieldOf);
  return userErrors.length > 0 ? { userErrors } : { plan };
}

/** Plans the codes that the caller gives, with or without collision token. */
async function planAssignments(
  { database }: CatalogueServices,
  tokenizer: ActiveTokenizer,
  assignments: NonNullable<ReassignArgs['assignments']>,
  known: readonly UserErrorRecord[],
): Promise<Plan> {
  const itemIds = assignments.map(({ itemId }) => itemId);
  const userErrors = withKnown(known, [
    ...liveItemErrors(itemIds, await readNamedItems(database.read, itemIds), ASSIGNMENTS),
    ...assignments.flatMap(({ codes }, position) => codeErrors(codes, tokenizer, position)),
  ]);
  if (userErrors.length > 0) return { userErrors };
  const placements = await placeCodes(database.read, tokenizer, assignments);
  const refusals = placements.flatMap((placement, position) =>
    refusalErrors(placement, assignments[position].codes, tokenizer, position),
  );
  if (refusals.length > 0) return { userErrors: refusals };
  const present = await readCodes(database.read, tokenizer.id, itemIds);
  const plan = assignments.map(({ itemId, codes }, position) => {
    const before = present.get(itemId) ?? null;
    return { itemId, codes, before, placement: placements[position], madeVector: null };
  });
  return { plan };
}

function codeErrors(codes: readonly number[], tokenizer: ActiveTokenizer, position: number): UserErrorRecord[] {
  const { numLevels, idLength, codebookSize, collisionSize } = tokenizer;
  if (codes.length !== numLevels && codes.length !== idLength) {
    const message = `codes: expected ${numLevels} codes, or ${idLength} with the collision token, got ${codes.length}`;
    return [userError('INVALID', message, 'assignments', position, 'codes')];
  }
  return codes.flatMap((code, level) => {
    const size = level < numLevels ? codebookSize : collisionSize;
    if (isCode(code) && code < size) return [];
    const message = `codes: expected 0 to ${size - 1} at level ${level}, got ${code}`;
    return [userError('OUT_OF_RANGE', message, 'assignments', position, 'codes', level)];
  });
}

function refusalErrors(
  placement: Placement,
  codes: readonly number[],
  tokenizer: ActiveTokenizer,
  position: number,
): UserErrorRecord[] {
  if ('codes' in placement) return [];
  if (placement.refused === 'FULL') return [fullError(codes, tokenizer, 'assignments', position, 'codes')];
  const message = `codes: expected a free semantic ID, got another item's [${codes.join(', ')}]; leave out its last code`;
  return [userError('TAKEN', message, 'assignments', position, 'codes')];
}

export function refuse(userErrors: readonly UserErrorRecord[]): ReassignmentRecord {
  return { changes: [], impact: null, baseVersion: null, catalogueVersion: null, userErrors };
}
