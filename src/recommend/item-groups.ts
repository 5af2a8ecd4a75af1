/** Knows which live items are one to a buyer, such as the sizes of a shirt, so that a list has one of them. */
import { isAmong } from '../../models/math/arrays';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { readByKeys, readInPages } from '../storage/bulk-reads';

/** Groups are read in large pages, since a page is one short text a row. */
const ROWS_PER_PAGE = 1_000;
const COLUMNS = { id: true, groupId: true } as const;

export class ItemGroups {
  /** Item → its group. */
  private readonly groups = new Map<number, string>();
  private readonly members = new Map<string, Set<number>>();

  constructor(private readonly client: PrismaClient) {}

  get isEmpty(): boolean {
    return this.groups.size === 0;
  }

  /** Reads all groups, for an object that has none yet. */
  async load(): Promise<void> {
    const rows = await readInPages(
      0,
      (after, take) =>
        this.client.item.findMany({
          where: { groupId: { not: null }, removedAt: null, id: { gt: after } },
          select: COLUMNS,
          orderBy: { id: 'asc' },
          take,
        }),
      ({ id }) => id,
      ROWS_PER_PAGE,
    );
    for (const { id, groupId } of rows) this.place(id, groupId);
  }

  /** Reads the groups of items that a change touched. @returns These and all that were or are in a group with them, ascending. */
  async follow(touched: readonly number[]): Promise<Int32Array> {
    const rows = await readByKeys(touched, (some) =>
      this.client.item.findMany({ where: { id: { in: some }, removedAt: null }, select: COLUMNS }),
    );
    const groupIds = new Map(rows.map(({ id, groupId }) => [id, groupId]));
    const around = new Set(touched);
    for (const itemId of touched) {
      const [before, after] = [this.groups.get(itemId) ?? null, groupIds.get(itemId) ?? null];
      if (before !== after) this.addMembers(before, around);
      this.place(itemId, after);
      this.addMembers(after, around);
    }
    return Int32Array.from(around).sort();
  }

  /**
   * @param itemIds - Ascending.
   * @param countOf - Gives an item's number of interactions.
   * @returns Of each group the item with the most interactions, of equal ones the oldest; and all items that have no group. Ascending.
   */
  onePerGroup(itemIds: Int32Array, countOf: (itemId: number) => number): Int32Array {
    const best = new Map<string, number>();
    for (const itemId of itemIds) {
      const group = this.groups.get(itemId);
      if (group === undefined) continue;
      const present = best.get(group);
      if (present === undefined || countOf(itemId) > countOf(present)) best.set(group, itemId);
    }
    if (best.size === 0) return itemIds;
    return itemIds.filter((itemId) => {
      const group = this.groups.get(itemId);
      return group === undefined || best.get(group) === itemId;
    });
  }

  /** @returns Those of the listed items that are in a group with one of the items; `listed` ascends, and has one of each group. */
  standIns(itemIds: Iterable<number>, listed: Int32Array): number[] {
    const groups = new Set<string>();
    for (const itemId of itemIds) {
      const group = this.groups.get(itemId);
      if (group !== undefined) groups.add(group);
    }
    return [...groups].flatMap((group) => {
      for (const itemId of this.members.get(group) ?? []) if (isAmong(listed, itemId)) return [itemId];
      return [];
    });
  }

  private addMembers(group: string | null, to: Set<number>): void {
    if (group !== null) for (const itemId of this.members.get(group) ?? []) to.add(itemId);
  }

  private place(itemId: number, group: string | null): void {
    const before = this.groups.get(itemId);
    if (before === (group ?? undefined)) return;
    if (before !== undefined) this.leave(itemId, before);
    if (group === null) return;
    this.groups.set(itemId, group);
    const members = this.members.get(group) ?? new Set();
    this.members.set(group, members.add(itemId));
  }

  private leave(itemId: number, group: string): void {
    this.groups.delete(itemId);
    const members = this.members.get(group);
    members?.delete(itemId);
    if (members?.size === 0) this.members.delete(group);
  }
}
