/** Finds what is wrong in a definition of a placement, and what in it will not do what it seems to. */
import { userError } from '../../graphql/common/errors';
import type { UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import type { ItemFilterArgs } from '../../graphql/item/records';
import {
  type PlacementDefinition,
  type PlacementRuleRecord,
  type PlacementWarningRecord,
  SHOP_WIDE,
} from '../../graphql/placement/records';
import { isAmong } from '../../models/math/arrays';
import type { Item, PrismaClient } from '../../prisma/generated/sqlite/client';
import type { ListFilter } from '../catalogue/item-lists';
import { isAvailable } from '../storage/item-columns';

/** Finds the available items that pass a filter; null: all live items. See `ItemFilters`. */
export interface FilterSearch {
  passing(filter: ListFilter, oncePerGroup: boolean): Promise<{ readonly itemIds: Int32Array } | null>;
}

interface Checks {
  readonly read: PrismaClient;
  readonly filters: FilterSearch;
}

/** @returns Mistakes for which nothing is saved. */
export async function definitionErrors(
  { read }: Pick<Checks, 'read'>,
  name: string,
  definition: PlacementDefinition,
): Promise<UserErrorRecord[]> {
  const { rules, modelVersionId, options, fallback, window } = definition;
  const itemIds = rules.flatMap(({ action: { pin } }) => pin?.itemId ?? []);
  const rows = await read.item.findMany({ where: { id: { in: itemIds } }, select: { id: true } });
  const known = new Set(rows.map(({ id }) => id));
  const errors: UserErrorRecord[] = [];
  const add = (code: UserErrorCode, message: string, ...path: (string | number)[]) =>
    errors.push(userError(code, message, 'definition', ...path));
  for (const [position, { from, until, action }] of rules.entries()) {
    const path = ['rules', position];
    if (from && until && until <= from)
      add('INVALID', `until: expected a time after ${from.toISOString()}, got an earlier one`, ...path, 'until');
    if (name === SHOP_WIDE && !action.hide)
      add('INVALID', 'action: expected hide for "*", got another', ...path, 'action');
    if (action.pin && !known.has(action.pin.itemId))
      add('NOT_FOUND', 'item: expected an item that there is, got one that was deleted', ...path, 'action', 'pin', 'item'); // prettier-ignore
  }
  if (name === SHOP_WIDE && [modelVersionId, options, fallback, window].some((given) => given != null))
    add('INVALID', 'definition: expected rules alone for "*", got more; store the rest for each placement');
  if (modelVersionId != null && (await read.modelVersion.count({ where: { id: modelVersionId } })) === 0)
    add('NOT_FOUND', 'modelVersion: expected one that there is, got another; modelVersions lists them', 'modelVersion');
  return errors;
}

/** @param shopWide - The definition of the placement `*`, whose hide rules count everywhere. */
export async function definitionWarnings(
  checks: Checks,
  definition: PlacementDefinition,
  shopWide: PlacementDefinition | null,
): Promise<PlacementWarningRecord[]> {
  const { rules, options } = definition;
  const lasting = lastingRules(rules);
  const hiding = [...lasting, ...lastingRules(shopWide?.rules ?? [])];
  const left = await itemsLeft(checks, hiding, options?.filter ?? null);
  const filters = lasting.flatMap(({ action, position }) =>
    (['boost', 'hide'] as const).flatMap((kind) => {
      const filter = action[kind]?.filter;
      return filter ? [{ filter, path: ['rules', position, 'action', kind, 'filter'] }] : [];
    }),
  );
  return [
    ...(await pinWarnings(checks, lasting, left)),
    ...samePlaces(lasting),
    ...(await emptyFilters(checks, filters)),
    ...(left.length === 0 ? [await emptiness(checks, hiding, options?.filter ?? null)] : []),
    ...rules.flatMap((rule, position) =>
      isOver(rule) ? [warning('IS_OVER', 'the rule has ended', 'rules', position, 'until')] : [],
    ),
  ];
}

/** The fallback stands in for what a filter leaves out. What is hidden is in no list. */
async function emptiness(
  checks: Checks,
  rules: readonly LastingRule[],
  filter: ItemFilterArgs | null,
): Promise<PlacementWarningRecord> {
  const isAllHidden = filter === null || (await itemsLeft(checks, rules, null)).length === 0;
  return isAllHidden
    ? warning('LEAVES_NOTHING', 'the hide rules leave no item; lists are empty', 'rules')
    : warning('LEAVES_NOTHING', 'no item is left; lists show the fallback', 'options', 'filter');
}

interface LastingRule extends PlacementRuleRecord {
  /** Which one of the placement's rules it is. */
  readonly position: number;
}

/** @returns The rules that are in force, or will be. */
function lastingRules(rules: readonly PlacementRuleRecord[]): LastingRule[] {
  return rules.map((rule, position) => ({ ...rule, position })).filter((rule) => !isOver(rule));
}

function isOver({ until }: PlacementRuleRecord): boolean {
  return until != null && until.getTime() <= Date.now();
}

async function emptyFilters(
  { filters }: Checks,
  named: readonly { readonly filter: ItemFilterArgs; readonly path: readonly (string | number)[] }[],
): Promise<PlacementWarningRecord[]> {
  const warnings: PlacementWarningRecord[] = [];
  for (const { filter, path } of named)
    if ((await filters.passing(filter, false))?.itemIds.length === 0)
      warnings.push(warning('ADMITS_NOTHING', 'no item passes the filter now', ...path));
  return warnings;
}

/** @returns The items that a filter and all hide rules leave. */
async function itemsLeft(
  { filters }: Checks,
  rules: readonly LastingRule[],
  filter: ItemFilterArgs | null,
): Promise<Int32Array> {
  const none = rules.flatMap(({ action: { hide } }) => hide?.filter ?? []);
  const left = await filters.passing({ ...filter, ...(none.length > 0 && { none }) }, false);
  return left!.itemIds; // every filter has a list, but none at all with one of each group
}

async function pinWarnings(
  { read }: Checks,
  rules: readonly LastingRule[],
  left: Int32Array,
): Promise<PlacementWarningRecord[]> {
  const pins = rules.flatMap(({ action: { pin }, position }) => (pin ? [{ ...pin, position }] : []));
  const rows = await read.item.findMany({ where: { id: { in: pins.map(({ itemId }) => itemId) } } });
  const items = new Map(rows.map((row) => [row.id, row]));
  return pins.flatMap(({ itemId, position }) => {
    const path = ['rules', position, 'action', 'pin', 'item'];
    const lack = lackOf(items.get(itemId));
    if (lack !== null) return [warning('ITEM_UNAVAILABLE', lack, ...path)];
    if (isAmong(left, itemId)) return [];
    return [warning('PIN_HIDDEN', 'a hide rule, or the filter of the placement, keeps the item out', ...path)];
  });
}

/** @returns Why no list has the item now; null: one may. */
function lackOf(item: Item | undefined): string | null {
  if (item === undefined || item.removedAt !== null) return 'the item is removed; restoreItems brings it back';
  return isAvailable(item) ? null : 'the item is out of stock, or outside of its dates';
}

function samePlaces(rules: readonly LastingRule[]): PlacementWarningRecord[] {
  const pins = rules.filter(({ action: { pin } }) => pin);
  return pins.flatMap((rule, i) => {
    const { place } = rule.action.pin!;
    const isTaken = pins.slice(0, i).some((other) => other.action.pin!.place === place && overlap(other, rule));
    const path = ['rules', rule.position, 'action', 'pin', 'place'];
    const message = `an earlier pin has place ${place} at the same time; this one comes after it`;
    return isTaken ? [warning('SAME_PLACE', message, ...path)] : [];
  });
}

function overlap(a: PlacementRuleRecord, b: PlacementRuleRecord): boolean {
  const begin = ({ from }: PlacementRuleRecord) => from?.getTime() ?? -Infinity;
  const end = ({ until }: PlacementRuleRecord) => until?.getTime() ?? Infinity;
  return begin(a) < end(b) && begin(b) < end(a);
}

function warning(
  code: PlacementWarningRecord['code'],
  text: string,
  ...path: (string | number)[]
): PlacementWarningRecord {
  const field = path.map(String);
  return { code, message: `${field.join('.')}: ${text}`, field };
}
