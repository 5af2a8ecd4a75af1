/** Gives semantic IDs to live items that have none, such as items that another process has imported: some at a time. */
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { itemsWithoutCodes, planCodes, plannedChanges, type PlannedCodes, storePlan } from '../semantic-ids/reencoding';
import type { LogEntry } from '../storage/change-log';

export interface GapFillerParts {
  readonly services: CatalogueServices;
  /** A message for people: how many items found no place among the semantic IDs. */
  readonly onWarning: (message: string) => void;
  /** A message for people: how many items have got the semantic IDs that they lacked. */
  readonly onNews: (message: string) => void;
}

/** Of one round, from a first item to the last one. */
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

/** Encoding so many texts takes about a minute. */
const ITEMS_PER_NEWS = 10_000;

export class GapFiller {
  /** Where a round goes on → what it has done so far. */
  private readonly rounds = new Map<number, Counts>();

  constructor(private readonly parts: GapFillerParts) {}

  /**
   * @param after - The id of an item: looks at those after it.
   * @returns Where to go on; null when all are looked at, or when the tokenizer cannot give codes: `problem` says why.
   */
  async fill(after: number): Promise<{ readonly problem: string | null; readonly next: number | null }> {
    try {
      return { problem: null, next: await this.parts.services.log.exclusive(() => this.fillSome(after)) };
    } catch (error) {
      if (!isCheckpointError(error)) throw error;
      return { problem: `items without semantic IDs get none: ${error.message}`, next: null };
    }
  }

  private async fillSome(after: number): Promise<number | null> {
    const { services } = this.parts;
    const { read } = services.database;
    const tokenizer = await findActiveTokenizer(read);
    if (tokenizer === null) return null;
    const { items, next } = await itemsWithoutCodes(read, tokenizer.id, after);
    const codes = items.length === 0 ? [] : await planCodes(services, tokenizer, items);
    if (plannedChanges(codes).length > 0) {
      await services.log.commit(async (transaction) => {
        const changes = await storePlan(transaction, tokenizer, codes);
        const entry: LogEntry = { kind: 'SEMANTIC_IDS_REASSIGNED', tokenizerId: tokenizer.id, items: changes };
        return { result: undefined, entries: [entry] };
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
      this.parts.onNews(`${filled} items without a semantic ID have got one${next === null ? '' : '; more follow'}`);
    if (next === null) warn(refused, tokenizer, this.parts.onWarning);
  }
}

/** Tells people how many items of a plan found no place, and why. */
export function warnOfRefused(
  codes: readonly PlannedCodes[],
  tokenizer: ActiveTokenizer,
  onWarning: GapFillerParts['onWarning'],
): void {
  warn(refusedOf(codes, { full: 0, width: 0 }), tokenizer, onWarning);
}

function refusedOf(codes: readonly PlannedCodes[], before: Refused): Refused {
  const refused = codes.flatMap(({ placement }) => ('codes' in placement ? [] : placement.refused));
  const width = refused.filter((reason) => reason === 'WIDTH').length;
  return { full: before.full + refused.length - width, width: before.width + width };
}

function warn({ full, width }: Refused, { dims }: ActiveTokenizer, onWarning: GapFillerParts['onWarning']): void {
  if (full > 0)
    onWarning(
      `${full} items got no semantic ID: all IDs of their codes are taken. Lists are without them until a training makes new codes.`,
    );
  if (width > 0)
    onWarning(
      `${width} items got no semantic ID: they have no vector of ${dims} numbers, the width that the model reads. Lists are without them ` +
        'until an import gives them one.',
    );
}
