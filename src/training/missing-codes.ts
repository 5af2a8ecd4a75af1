/**
 * Gives semantic IDs to live items that have none, such as items that another process has imported: some at a time, in one process at a
 * time, since encoding takes long. The other processes follow what it does.
 */
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { CatalogueServices } from '../catalogue/changes';
import type { Logger } from '../logger';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { rememberTexts } from '../semantic-ids/code-assigner';
import { type CodeSources, planCodes, plannedChanges, type PlannedCodes, storePlan } from '../semantic-ids/code-plan';
import { itemsWithoutCodes } from '../semantic-ids/items-to-encode';
import type { LogEntry } from '../storage/change-log';
import type { Database } from '../storage/database';
import { underLease } from '../storage/leases';

export interface MissingCodesParts {
  readonly services: CatalogueServices;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

export interface Filling {
  /** Why the tokenizer cannot give codes; null: it can. */
  readonly problem: string | null;
  /** The item after which to go on; null when all are looked at, or there is a problem. */
  readonly next: number | null;
  /** True when another process gives codes now. */
  readonly isElsewhere: boolean;
}

export const MISSING_CODES_LEASE = 'gaps';

/** @param after - The id of an item: looks at some items after it. */
export async function fillMissingCodes(parts: MissingCodesParts, after: number): Promise<Filling> {
  try {
    return { problem: null, ...(await fillAlone(parts, after)) };
  } catch (error) {
    if (!isCheckpointError(error)) throw error;
    const problem = `items without semantic IDs get none: ${error.message}`;
    return { problem, next: null, isElsewhere: false };
  }
}

async function fillAlone(parts: MissingCodesParts, after: number): Promise<Omit<Filling, 'problem'>> {
  const { services } = parts;
  const first = await firstWithoutCodes(services.database.read, after);
  if (first === null) return { next: null, isElsewhere: false };
  const sources = { ...services, assigner: rememberTexts(services.assigner) };
  const fill = () => services.log.exclusive(() => fillSome(parts, sources, after));
  const next = await underLease(services.database, MISSING_CODES_LEASE, fill);
  return next === 'ELSEWHERE' ? { next: first - 1, isElsewhere: true } : { next, isElsewhere: false };
}

async function firstWithoutCodes(read: Database['read'], after: number): Promise<number | null> {
  const tokenizer = await findActiveTokenizer(read);
  const items = tokenizer === null ? [] : (await itemsWithoutCodes(read, tokenizer.id, after)).items;
  return items[0]?.itemId ?? null;
}

async function fillSome(
  { services, logger }: MissingCodesParts,
  sources: CodeSources,
  after: number,
): Promise<number | null> {
  const { read } = sources.database;
  const tokenizer = await findActiveTokenizer(read);
  if (tokenizer === null) return null;
  const { items, next } = await itemsWithoutCodes(read, tokenizer.id, after);
  const codes = items.length === 0 ? [] : await planCodes(sources, tokenizer, items);
  const filled = plannedChanges(codes).length;
  // The vectors of items that found no place are stored too: nobody encodes their texts again.
  if (filled > 0 || codes.some(({ madeVector }) => madeVector !== null)) {
    await services.log.commit(async (transaction) => {
      const changes = await storePlan(transaction, tokenizer, codes);
      const entry: LogEntry = { kind: 'SEMANTIC_IDS_REASSIGNED', tokenizerId: tokenizer.id, items: changes };
      return { result: undefined, entries: changes.length > 0 ? [entry] : [] };
    });
  }
  if (filled > 0) logger.info(`${filled} items without a semantic ID have got one`);
  warnOfRefused(codes, tokenizer, logger);
  return next;
}

/** Logs how many items of a plan found no place, and why. */
export function warnOfRefused(
  codes: readonly PlannedCodes[],
  { dims }: ActiveTokenizer,
  logger: MissingCodesParts['logger'],
): void {
  const refused = codes.flatMap(({ placement }) => ('codes' in placement ? [] : placement.refused));
  const width = refused.filter((reason) => reason === 'WIDTH').length;
  const full = refused.length - width;
  if (full > 0)
    logger.warn(
      `${full} items got no semantic ID: all IDs of their codes are taken. Lists are without them until a training makes new codes.`,
    );
  if (width > 0)
    logger.warn(
      `${width} items got no semantic ID: they have no vector of ${dims} numbers, the width that the model reads. Lists are without them ` +
        'until an import gives them one.',
    );
}
