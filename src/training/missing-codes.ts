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

/** Figures of one round, from a first item to the last one. */
interface Counts {
  /** Items that got codes. */
  readonly filled: number;
  readonly refused: Refused;
}

/** Items that found no place. */
interface Refused {
  /** All IDs of their codes are taken. */
  readonly full: number;
  /** They have no vector of the width that the tokenizer reads. */
  readonly width: number;
}

export const MISSING_CODES_LEASE = 'gaps';

/** Encoding so many texts takes about a minute. */
const ITEMS_PER_NEWS = 10_000;

export class MissingCodes {
  /** Item after which a round goes on → the round's figures so far. */
  private readonly rounds = new Map<number, Counts>();

  constructor(private readonly parts: MissingCodesParts) {}

  /** @param after - The id of an item: looks at those after it. */
  async fill(after: number): Promise<Filling> {
    try {
      return { problem: null, ...(await this.fillAlone(after)) };
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      const problem = `items without semantic IDs get none: ${error.message}`;
      return { problem, next: null, isElsewhere: false };
    }
  }

  private async fillAlone(after: number): Promise<Omit<Filling, 'problem'>> {
    const { services } = this.parts;
    const sources = { ...services, assigner: rememberTexts(services.assigner) };
    const fill = () => services.log.exclusive(() => this.fillSome(sources, after));
    const first = await this.firstWithoutCodes(after);
    if (first === null) return { next: await fill(), isElsewhere: false };
    const next = await underLease(services.database, MISSING_CODES_LEASE, fill);
    return next === 'ELSEWHERE' ? { next: first - 1, isElsewhere: true } : { next, isElsewhere: false };
  }

  private async firstWithoutCodes(after: number): Promise<number | null> {
    const { read } = this.parts.services.database;
    const tokenizer = await findActiveTokenizer(read);
    const items = tokenizer === null ? [] : (await itemsWithoutCodes(read, tokenizer.id, after)).items;
    return items[0]?.itemId ?? null;
  }

  private async fillSome(sources: CodeSources, after: number): Promise<number | null> {
    const { read } = sources.database;
    const tokenizer = await findActiveTokenizer(read);
    if (tokenizer === null) return null;
    const { items, next } = await itemsWithoutCodes(read, tokenizer.id, after);
    const codes = items.length === 0 ? [] : await planCodes(sources, tokenizer, items);
    // The vectors of items that found no place are stored too: nobody encodes their texts again.
    if (codes.some(({ madeVector }) => madeVector !== null) || plannedChanges(codes).length > 0) {
      await this.parts.services.log.commit(async (transaction) => {
        const changes = await storePlan(transaction, tokenizer, codes);
        const entry: LogEntry = { kind: 'SEMANTIC_IDS_REASSIGNED', tokenizerId: tokenizer.id, items: changes };
        return { result: undefined, entries: changes.length > 0 ? [entry] : [] };
      });
    }
    this.count({ after, next }, tokenizer, codes);
    return next;
  }

  private count(
    { after, next }: { readonly after: number; readonly next: number | null },
    tokenizer: ActiveTokenizer,
    codes: readonly PlannedCodes[],
  ): void {
    const before = this.rounds.get(after) ?? { filled: 0, refused: { full: 0, width: 0 } };
    const filled = before.filled + plannedChanges(codes).length;
    const refused = refusedOf(codes, before.refused);
    this.rounds.delete(after);
    if (next !== null) this.rounds.set(next, { filled, refused });
    const isMuch = Math.floor(filled / ITEMS_PER_NEWS) > Math.floor(before.filled / ITEMS_PER_NEWS);
    if (isMuch || (next === null && filled > 0))
      this.parts.logger.info(
        `${filled} items without a semantic ID have got one${next === null ? '' : '; more follow'}`,
      );
    if (next === null) warn(refused, tokenizer, this.parts.logger);
  }
}

/** Logs how many items of a plan found no place, and why. */
export function warnOfRefused(
  codes: readonly PlannedCodes[],
  tokenizer: ActiveTokenizer,
  logger: MissingCodesParts['logger'],
): void {
  warn(refusedOf(codes, { full: 0, width: 0 }), tokenizer, logger);
}

function refusedOf(codes: readonly PlannedCodes[], before: Refused): Refused {
  const refused = codes.flatMap(({ placement }) => ('codes' in placement ? [] : placement.refused));
  const width = refused.filter((reason) => reason === 'WIDTH').length;
  return { full: before.full + refused.length - width, width: before.width + width };
}

function warn({ full, width }: Refused, { dims }: ActiveTokenizer, logger: MissingCodesParts['logger']): void {
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
