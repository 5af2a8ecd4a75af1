/** What the catalogue's writes need. */
import type { CodeSources } from '../semantic-ids/code-plan';
import type { ChangeLog } from '../storage/change-log';

export interface CatalogueServices extends CodeSources {
  readonly log: ChangeLog;
  /** Called after interactions are recorded or erased, with the item of each. */
  readonly onInteractions: (itemIds: readonly number[]) => Promise<void>;
}
