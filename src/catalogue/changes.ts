/** The services that changes of the catalogue need, and the answers of mutations with a list of entries. */
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ChangedItemsRecord } from '../../graphql/item/records';
import type { CodeSources } from '../semantic-ids/code-plan';
import type { ChangeLog } from '../storage/change-log';

export interface CatalogueServices extends CodeSources {
  readonly log: ChangeLog;
  /** Called after interactions are recorded or erased, with the item of each. */
  readonly onInteractions: (itemIds: readonly number[]) => Promise<void>;
}

/** @returns The answer of a mutation that changed nothing. */
export function refuseItems(entries: readonly unknown[], userErrors: readonly UserErrorRecord[]): ChangedItemsRecord {
  return { items: entries.map(() => null), userErrors, catalogueVersion: null };
}

/** @returns Which entry of the batch the error is of; -1: it is of the whole input. */
export function positionOf({ field }: UserErrorRecord): number {
  return Number(field?.[1] ?? -1);
}

/** @returns The known mistakes of some entries, and those that were found in the others. */
export function withKnown(known: readonly UserErrorRecord[], found: readonly UserErrorRecord[]): UserErrorRecord[] {
  const wrong = new Set(known.map(positionOf));
  return [...known, ...found.filter((error) => !wrong.has(positionOf(error)))].sort(byPosition);
}

/** Sorts errors by the entries that they are of. */
export function byPosition(a: UserErrorRecord, b: UserErrorRecord): number {
  return positionOf(a) - positionOf(b);
}
