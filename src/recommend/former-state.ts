/** Finds what made lists at a time in the past: the catalogue's version, and the model version that was active. */
import { badInput } from '../../graphql/common/errors';
import type { AsOfArgs, FormerState } from '../../graphql/recommendation/records';
import { type KindRules, kindOf, ruleOf } from '../../models/data/kinds';
import { isAmong, joinArrays } from '../../models/math/arrays';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { touchedSince } from '../storage/change-log-reads';
import type { UserHistory } from '../storage/request-reads';
import type { AllowList } from '../workers/messages';

interface FormerParts {
  readonly client: PrismaClient;
  readonly popularity: { has(itemId: number): boolean };
}

/** @throws {GraphQLError} When there was no such version, or no model was active then and none is named. */
export async function formerState(asOf: AsOfArgs, { client, popularity }: FormerParts): Promise<FormerState> {
  const { catalogueVersion, time } = asOf;
  const row = await client.catalogueLog.findFirst({
    where: catalogueVersion == null ? { createdAt: { lte: time ?? new Date() } } : { version: catalogueVersion },
    orderBy: { version: 'desc' },
    select: { version: true, createdAt: true },
  });
  if (row === null) throw refusal('a version of the catalogue, or a time after its first', 'neither');
  const modelVersionId = asOf.modelVersionId ?? (await activeAt(client, row.version));
  if (modelVersionId === null) throw refusal('a time at which a model was active', 'another; name a `modelVersion`');
  const touched = await touchedSince(client, row.version);
  const isBack = ([itemId, { wasLive }]: readonly [number, { readonly wasLive: boolean }]) =>
    wasLive && !popularity.has(itemId);
  return {
    ...{ modelVersionId, catalogueVersion: row.version, time: time ?? row.createdAt },
    removedSince: [...touched.items].filter(isBack).map(([itemId]) => itemId),
  };
}

async function activeAt(client: PrismaClient, version: number): Promise<number | null> {
  const activation = await client.catalogueLog.findFirst({
    where: { kind: 'MODEL_ACTIVATED', version: { lte: version } },
    orderBy: { version: 'desc' },
    select: { payload: true },
  });
  return (activation?.payload as { modelVersionId?: number } | undefined)?.modelVersionId ?? null;
}

function refusal(expected: string, got: string) {
  return badInput({ path: ['asOf'], message: `asOf: expected ${expected}, got ${got}` });
}

/** @returns The history as it was then: later interactions are left out. */
export function historyUntil(time: Date, user: UserHistory, rules: KindRules): UserHistory {
  const kept = [...user.itemIds.keys()].filter((position) => user.timeAt(position) <= time.getTime());
  const hidden = kept.filter((position) => ruleOf(kindOf(user.kindAt(position)), rules).hidesItem);
  const known = new Set(user.itemIds);
  return {
    ...user,
    itemIds: kept.map((position) => user.itemIds[position]),
    // Items of interactions that are too old to be among `itemIds` stay.
    seen: new Set([...hidden.map((at) => user.itemIds[at]), ...[...user.seen].filter((itemId) => !known.has(itemId))]),
    timeAt: (position) => user.timeAt(kept[position]),
    kindAt: (position) => user.kindAt(kept[position]),
  };
}

/** Items that were removed since come back, as far as no filter must be looked at: their fields are not. */
export function withRemoved(allow: AllowList | null, filter: object, { removedSince }: FormerState): AllowList | null {
  const isFiltered = Object.values(filter).some((condition) => condition != null);
  if (allow === null || isFiltered) return allow;
  const others = removedSince.filter((itemId) => !isAmong(allow.itemIds, itemId));
  return { id: null, itemIds: joinArrays(Int32Array, [allow.itemIds, Int32Array.from(others)]).sort() };
}
