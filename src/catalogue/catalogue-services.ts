/** What the catalogue's writes work with. */
import type { CodeSources } from '../semantic-ids/reencoding';
import type { ChangeLog } from '../storage/change-log';

export interface CatalogueServices extends CodeSources {
  readonly log: ChangeLog;
  /** Called after interactions with these items are committed; an item is named once for each. */
  readonly onInteractions: (itemIds: readonly number[]) => Promise<void>;
}
