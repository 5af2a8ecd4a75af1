/** The services that changes of the catalogue need, and the answers of mutations with a list of entries. */
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemsPayload } from '../../graphql/item/types';
import type { CodeSources } from '../semantic-ids/code-plan';
import type { ChangeLog } from '../storage/change-log';

/** Others write between two transactions, and none of these holds SQLite's event loop or PostgreSQL's write lock for long. */
export const INTERACTIONS_PER_TRANSACTION = 500;

export interface CatalogueServices extends CodeSources {
  readonly log: ChangeLog;
  /** A purchase counts for a list that is this old at most. */
  readonly attributionMs: number;
  /** Called after interactions are recorded or erased, with the item of each. */
  readonly onInteractions: (itemIds: readonly number[]) => Promise<void>;
}

/** @returns The answer of a mutation that changed nothing. */
export function refuseItems(entries: readonly unknown[], userErrors: readonly UserErrorRecord[]): ItemsPayload {
  return { items: entries.map(() => null), userErrors, catalogueVersion: null };
}
