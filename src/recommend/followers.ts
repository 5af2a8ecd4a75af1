/** Keeps what this process holds in memory in step with the log: with its own changes and with those of other processes. */
import { readInPages } from '../storage/bulk-reads';
import type { CommittedChange } from '../storage/change-log';
import type { Database } from '../storage/database';
import { lastErasureId, lastInteractionId } from '../storage/last-ids';
import { Backoff } from '../waiting/polling';
import type { ColdItems } from './cold-items';
import type { DecodePool } from './decode-pool';
import type { ItemFilters } from './item-filters';
import type { Popularity } from './popularity';

/** The part of the live version that the followers need. */
interface FollowedModels {
  /** Makes the active version live after an activation; `problem` says why it could not. */
  follow(activation: CommittedChange): Promise<{ readonly problem: string | null }>;
  /** Gives codes to some items after this id that have none. @returns Where to go on, why it cannot, or that another process is at it. */
  giveMissingCodes(after: number): Promise<{
    readonly problem: string | null;
    readonly next: number | null;
    readonly isElsewhere: boolean;
  }>;
}

const MAX_SKIPPED_POLLS = 30;

interface FollowerParts {
  readonly database: Database;
  readonly popularity: Popularity;
  readonly filters: ItemFilters;
  readonly pool: Pick<DecodePool, 'apply' | 'lose'>;
  readonly coldItems: Pick<ColdItems, 'follow'>;
  readonly models: FollowedModels;
  readonly logger: { error(message: string): void };
}

export class Followers {
  /** The items after this id may have no codes: those of an import, and those that came while the tokenizer was damaged. Null: none. */
  private missingAfter: number | null = 0;
  /** The same of the items that came during the present round. */
  private newMissingAfter: number | null = null;
  /** Polls until codes are tried again. */
  private pollsToSkip = 0;
  private readonly codesWait = new Backoff(2, MAX_SKIPPED_POLLS);
  private lastInteraction = 0;
  private lastErasure = 0;

  constructor(private readonly parts: FollowerParts) {}

  /**
   * Removed items leave the popular items before a list can name the new version, and added items join them after that. So a
   * list never shows an item that its version does not have. It does no harm to hear of a change twice.
   */
  async follow(change: CommittedChange): Promise<void> {
    const { database, popularity, filters, pool, coldItems } = this.parts;
    const { version, kind, changes } = change;
    await popularity.drop(database.read, change);
    // An activation that brings another tokenizer has no changes: the former model keeps the codes of its own.
    if (kind !== 'MODEL_ACTIVATED' || changes.length > 0) await pool.apply({ catalogueVersion: version, changes });
    if (kind === 'MODEL_ACTIVATED') await this.activate(change);
    coldItems.follow(change);
    await filters.follow(change);
    await popularity.join(database.read, change);
    if (kind === 'MODEL_ACTIVATED') this.newMissingAfter = 0; // it gives no codes to items whose texts are not encoded yet
    const isAddition = kind === 'ITEMS_ADDED' || kind === 'ITEMS_RESTORED' || kind === 'ITEMS_UPSERTED';
    if (isAddition && changes.length < change.itemIds.length) this.noteMissing(change.itemIds);
  }

  /** Reads all counts. Call it before anything is followed. */
  async begin(): Promise<void> {
    const { database, popularity, filters } = this.parts;
    this.lastInteraction = await lastInteractionId(database.read);
    this.lastErasure = await lastErasureId(database.read);
    await popularity.load(database.read);
    await filters.begin();
  }

  /**
   * Follows the interactions and erasures that are committed by now and the dates that have come, and gives codes to some items that have
   * none.
   *
   * @returns Whether more items may have none, and no other process is at them: call it again soon.
   */
  async poll(): Promise<boolean> {
    if (this.missingAfter === null) [this.missingAfter, this.newMissingAfter] = [this.newMissingAfter, null];
    await this.followInteractions(); // first, since giving codes may fail for long: it needs the encoder and the checkpoints
    await this.followErasures();
    await this.parts.filters.followDates();
    const isElsewhere = this.missingAfter !== null && (await this.giveMissingCodes(this.missingAfter));
    return (this.missingAfter ?? this.newMissingAfter) !== null && !this.codesWait.isFailing && !isElsewhere;
  }

  /** Older items that found no place are not tried again: each attempt would look for one among all IDs. */
  private noteMissing(itemIds: readonly number[]): void {
    const first = itemIds.reduce((least, itemId) => Math.min(least, itemId), Infinity);
    this.newMissingAfter = Math.min(this.newMissingAfter ?? Infinity, first - 1);
  }

  /** After a failure it lets pass twice as many polls as before, since the cause may last. @returns Whether another process is at it. */
  private async giveMissingCodes(after: number): Promise<boolean> {
    if (this.pollsToSkip-- > 0) return false;
    const { problem, next, isElsewhere } = await this.parts.models.giveMissingCodes(after);
    if (problem === null) {
      this.missingAfter = next;
      this.pollsToSkip = 0;
      this.codesWait.afterSuccess();
    } else {
      if (!this.codesWait.isFailing) this.parts.logger.error(problem);
      this.pollsToSkip = this.codesWait.afterFailure();
    }
    return isElsewhere;
  }

  /** The log has no interactions: their ids tell which are new. It does no harm to count those of this process once more. */
  private async followInteractions(): Promise<void> {
    const { database, popularity } = this.parts;
    const rows = await readInPages(
      this.lastInteraction,
      (after, take) =>
        database.read.interaction.findMany({
          where: { id: { gt: after } },
          select: { id: true, itemId: true },
          orderBy: { id: 'asc' },
          take,
        }),
      ({ id }) => id,
    );
    if (rows.length === 0) return;
    await popularity.refresh(
      database.read,
      rows.map(({ itemId }) => itemId),
    );
    this.lastInteraction = rows[rows.length - 1].id; // after the counts: when they cannot be read, the next poll reads them
  }

  private async followErasures(): Promise<void> {
    const { database, popularity } = this.parts;
    const last = await lastErasureId(database.read);
    if (last === this.lastErasure) return;
    await popularity.refreshAll(database.read);
    this.lastErasure = last; // after the counts, as above
  }

  /** A model whose semantic IDs are no longer those of the catalogue must not answer, so popularity does until it is loaded. */
  private async activate(change: CommittedChange): Promise<void> {
    const { problem } = await this.parts.models.follow(change);
    if (problem !== null) this.parts.pool.lose(problem);
  }
}
