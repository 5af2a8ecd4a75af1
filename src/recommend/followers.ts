/** Keeps what this process holds in memory in step with the log, its own changes and other processes' alike. */
import type { ChangeLog, CommitListener } from '../storage/change-log';
import type { Database } from '../storage/database';
import { readInPages } from '../storage/paging';
import type { ColdItems } from './cold-items';
import type { ItemFilters } from './item-filters';
import type { LiveModel } from './live-model';
import type { Popularity } from './popularity';

/** What the log's followers need of the trained models. */
interface FollowedModels {
  /** Loads the version that is active now; `problem` says why it could not. */
  reload(): Promise<{ readonly problem: string | null }>;
  /** Gives codes to the items that have none. */
  fillGaps(): Promise<unknown>;
}

export interface FollowerParts {
  readonly database: Database;
  readonly popularity: Popularity;
  readonly filters: ItemFilters;
  readonly live: LiveModel;
  readonly coldItems: Pick<ColdItems, 'follow'>;
  readonly models: () => FollowedModels;
  /** Something that people should read. */
  readonly onProblem: (message: string) => void;
}

export class Followers {
  /** Whether another process has added items, which have no codes then. */
  private hasGaps = false;
  private lastInteraction = 0;

  constructor(private readonly parts: FollowerParts) {}

  /**
   * What is removed leaves the popular items before a list can name the new version, and what is added joins them after
   * that: a list never shows an item that its version does not have.
   */
  readonly listener: CommitListener = async (change) => {
    const { database, popularity, filters, live, coldItems } = this.parts;
    const { version, kind, changes, isForeign } = change;
    if (kind === 'ITEMS_REMOVED') await popularity.follow(database.read, change);
    if (isForeign && kind === 'MODEL_ACTIVATED') await this.reload();
    else await live.apply({ catalogueVersion: version, changes });
    coldItems.follow(change);
    await filters.follow(change);
    if (kind !== 'ITEMS_REMOVED') await popularity.follow(database.read, change);
    if (isForeign && kind === 'ITEMS_ADDED') this.hasGaps = true;
  };

  /** Reads all that is counted, before anything else is followed. */
  async begin(): Promise<void> {
    const { database, popularity } = this.parts;
    this.lastInteraction = await lastInteractionId(database);
    await popularity.load(database.read);
  }

  /** Follows what other processes have done up to now, and gives codes to the items that they have added. */
  async poll(log: ChangeLog): Promise<void> {
    await log.exclusive(async () => {
      if (!this.hasGaps) return;
      this.hasGaps = false;
      await this.parts.models().fillGaps();
    });
    await this.followInteractions();
  }

  /** The log has no interactions; their ids tell which are new. Those of this process are counted already, to no harm. */
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
    this.lastInteraction = rows[rows.length - 1].id;
    await popularity.refresh(
      database.read,
      rows.map(({ itemId }) => itemId),
    );
  }

  private async reload(): Promise<void> {
    const { problem } = await this.parts.models().reload();
    if (problem !== null) this.parts.onProblem(problem);
  }
}

async function lastInteractionId({ read }: Database): Promise<number> {
  const { _max } = await read.interaction.aggregate({ _max: { id: true } });
  return _max.id ?? 0;
}

/** Polls until it is disposed; a failed poll is told and repeated at the next time. */
export function pollLog(
  followers: Followers,
  log: ChangeLog,
  { intervalMs, onFailure }: { readonly intervalMs: number; readonly onFailure: (error: unknown) => void },
): { dispose(): Promise<void> } {
  let isDisposed = false;
  let polling: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const schedule = () => {
    if (!isDisposed) timer = setTimeout(poll, intervalMs).unref();
  };
  const poll = () => {
    polling = followers.poll(log).catch(onFailure).then(schedule);
  };
  schedule();
  return {
    async dispose() {
      isDisposed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}
