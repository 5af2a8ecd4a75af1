/** The stored placements: each save is a new numbered state, and the newest is in force at the next request of every server. */
import { z } from 'zod';

import { userError } from '../../graphql/common/errors';
import type { Page, PageArgs, UserErrorRecord } from '../../graphql/common/records';
import type { Placements as PlacementsPort } from '../../graphql/context';
import {
  type NewPlacementState,
  type PlacementDefinition,
  type PlacementStateRecord,
  SHOP_WIDE,
} from '../../graphql/placement/records';
import type { SavedPlacementPayload } from '../../graphql/placement/types';
import type { PlacementState, Prisma } from '../../prisma/generated/sqlite/client';
import { cursorsOf, decodeCursor, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import type { Transaction } from '../storage/transaction';
import { definitionErrors, definitionWarnings, type FilterSearch } from './conflicts';
import { stateRecord } from './definition';

/** As many as may have figures. */
const MAX_STORED = 100;

interface PlacementsParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly filters: FilterSearch;
}

/** A refusal, and the newest state that there is. */
type Refusal = Pick<SavedPlacementPayload, 'inForce' | 'userErrors'>;

const STATE_CURSORS = cursorsOf('placementStates', z.int32(), ({ number }: PlacementState) => number);

export class Placements implements PlacementsPort {
  constructor(private readonly parts: PlacementsParts) {}

  async names(): Promise<string[]> {
    const { placementState } = this.parts.database.read;
    return (await placementState.groupBy({ by: ['name'], orderBy: { name: 'asc' } })).map(({ name }) => name);
  }

  async states(name: string, { first, after }: PageArgs): Promise<Page<PlacementStateRecord>> {
    const where = { name, ...(after !== null && { number: { lt: decodeCursor(after, STATE_CURSORS) } }) };
    const { placementState } = this.parts.database.read;
    const rows = await placementState.findMany({ where, orderBy: { number: 'desc' }, take: first + 1 });
    return pageOf(rows, first, STATE_CURSORS, stateRecord);
  }

  async warnings(name: string, definition: PlacementDefinition) {
    const { database, filters } = this.parts;
    const shopWide = name === SHOP_WIDE ? null : await newestOf(database.read, SHOP_WIDE);
    return definitionWarnings({ read: database.read, filters }, definition, shopWide);
  }

  async save(
    state: NewPlacementState,
    { savedBy, isDryRun }: Parameters<PlacementsPort['save']>[1],
  ): Promise<SavedPlacementPayload> {
    const { name, definition } = state;
    const { database } = this.parts;
    const userErrors = await definitionErrors(database, name, definition);
    if (userErrors.length > 0) {
      const inForce = await newestOf(database.read, name);
      return { state: null, inForce, warnings: [], userErrors };
    }
    const warnings = await this.warnings(name, definition);
    const saved = isDryRun
      ? await this.checkedBase(database.read, state)
      : await database.write(async (transaction) => {
          const base = await this.checkedBase(transaction, state);
          return base.userErrors.length > 0 ? base : insertState(transaction, state, base.inForce, savedBy);
        });
    return { state: null, ...saved, warnings };
  }

  async restore(name: string, number: number, savedBy: string | null): Promise<SavedPlacementPayload> {
    const { database } = this.parts;
    const saved = await database.write(async (transaction) => {
      const former = await numberedState(transaction, name, number);
      const inForce = await newestOf(transaction, name);
      if (former === null) return { inForce, userErrors: [noState(name, number, inForce)] };
      return insertState(transaction, { name, definition: former }, inForce, savedBy);
    });
    const { inForce, userErrors } = saved;
    const warnings = userErrors.length > 0 ? [] : await this.warnings(name, inForce!);
    return { state: null, ...saved, warnings };
  }

  /** @returns The newest state, and what keeps the caller from saving on top of it. */
  private async checkedBase(client: Transaction, { name, basedOn }: NewPlacementState): Promise<Refusal> {
    const inForce = await newestOf(client, name);
    if ((inForce?.number ?? null) !== basedOn) return { inForce, userErrors: [conflict(basedOn, inForce)] };
    if (inForce !== null || (await countNames(client)) < MAX_STORED) return { inForce, userErrors: [] };
    const message = `name: expected one of the ${MAX_STORED} placements that are stored, got another; removePlacement makes room`;
    return { inForce, userErrors: [userError('TOO_MANY', message, 'name')] };
  }
}

/** Saves a definition as the newest state. */
export async function insertState(
  { placementState }: Transaction,
  { name, definition }: Pick<NewPlacementState, 'name' | 'definition'>,
  before: PlacementStateRecord | null,
  savedBy: string | null,
) {
  const { title, options, rules, fallback, window, modelVersionId } = definition;
  const stored = { title, options, rules, fallback, window, modelVersionId } satisfies Record<
    keyof PlacementDefinition,
    unknown
  >;
  const plain = JSON.parse(JSON.stringify(stored)) as Prisma.InputJsonObject;
  const number = (before?.number ?? 0) + 1;
  const row = await placementState.create({
    data: { name, number, savedBy, savedAt: new Date(), definition: plain },
  });
  const state = stateRecord(row);
  return { state, inForce: state, userErrors: [] };
}

/** @returns A state of a placement; null: there is none. */
export async function numberedState({ placementState }: Transaction, name: string, number: number) {
  const row = await placementState.findUnique({ where: { name_number: { name, number } } });
  return row && stateRecord(row);
}

/** @returns The state that is in force; null: nothing is stored. */
export async function newestOf({ placementState }: Transaction, name: string): Promise<PlacementStateRecord | null> {
  const row = await placementState.findFirst({ where: { name }, orderBy: { number: 'desc' } });
  return row && stateRecord(row);
}

async function countNames({ placementState }: Transaction): Promise<number> {
  return (await placementState.groupBy({ by: ['name'] })).length;
}

function conflict(basedOn: number | null, inForce: PlacementStateRecord | null): UserErrorRecord {
  const expected = inForce === null ? 'none, since nothing is stored' : `${inForce.number}, the newest state`;
  const by = inForce === null ? '' : `, saved ${inForce.savedAt.toISOString()} by ${inForce.savedBy ?? 'no key'}`;
  const message = `basedOn: expected ${expected}${by}, got ${basedOn ?? 'none'}; read \`inForce\`, and save your change on top of it`;
  return userError('CONFLICT', message, 'basedOn');
}

function noState(name: string, number: number, inForce: PlacementStateRecord | null): UserErrorRecord {
  const there = inForce === null ? 'but nothing is stored' : `from 1 to ${inForce.number}`;
  return userError('NOT_FOUND', `state: expected a state of ${name}, ${there}, got ${number}`, 'state');
}
