/** The catalogue: reads items, users and prefixes, and makes every change of items, interactions and semantic IDs. */
import type { UserErrorRecord } from '../../graphql/common/records';
import type { Catalogue as CataloguePort } from '../../graphql/context';
import type { InteractionRefArgs, NewInteractionArgs } from '../../graphql/interaction/records';
import type { ItemPatchArgs, NewItemArgs } from '../../graphql/item/records';
import type { ReassignArgs, ReassignmentProgressRecord } from '../../graphql/semantic-id/records';
import { RequestReads } from '../storage/request-reads';
import { CatalogueReads } from './catalogue-reads';
import type { CatalogueServices } from './changes';
import { deleteInteractions, deleteItems } from './deletions';
import { identify } from './identify';
import { recordInteractions } from './interactions';
import { removeItems, restoreItems } from './item-removals';
import { updateItems } from './item-updates';
import { upsertItems } from './item-upserts';
import { reassignSemanticIds } from './reassignment';
import { undoReassignment } from './reassignment-undo';
import { eraseUsers } from './user-erasures';
import { exportUser } from './user-export';

export class Catalogue extends CatalogueReads implements CataloguePort {
  private reassigning: ReassignmentProgressRecord | null = null;

  constructor(private readonly services: CatalogueServices) {
    super(services.database, new RequestReads(services.database.hotPath));
  }

  upsertItems(items: readonly NewItemArgs[], atomic: boolean, known: readonly UserErrorRecord[] = []) {
    return upsertItems(this.services, items, atomic, known);
  }

  updateItems(patches: readonly ItemPatchArgs[], reencode: boolean, known: readonly UserErrorRecord[] = []) {
    return updateItems(this.services, patches, reencode, known);
  }

  removeItems(itemIds: readonly number[], known: readonly UserErrorRecord[] = []) {
    return removeItems(this.services, itemIds, known);
  }

  deleteItems(itemIds: readonly number[], known: readonly UserErrorRecord[] = []) {
    return deleteItems(this.services, itemIds, known);
  }

  deleteInteractions(references: readonly InteractionRefArgs[]) {
    return deleteInteractions(this.services, references);
  }

  restoreItems(itemIds: readonly number[], known: readonly UserErrorRecord[] = []) {
    return restoreItems(this.services, itemIds, known);
  }

  recordInteractions(
    interactions: readonly NewInteractionArgs[],
    atomic = true,
    known: readonly UserErrorRecord[] = [],
  ) {
    return recordInteractions(this.services, interactions, atomic, known);
  }

  identify(visitorExternalId: string, userExternalId: string) {
    return identify(this.services, visitorExternalId, userExternalId);
  }

  exportUser(externalId: string) {
    return exportUser(this.services.database.read, externalId);
  }

  eraseUsers(externalIds: readonly string[]) {
    return eraseUsers(this.services, externalIds);
  }

  async reassignSemanticIds(args: ReassignArgs, known: readonly UserErrorRecord[] = [], signal?: AbortSignal) {
    const onCodes = (done: number, total: number) => (this.reassigning = { done, total });
    const watch = { onCodes, signal: args.dryRun ? signal : undefined };
    return reassignSemanticIds(this.services, args, known, watch).finally(() => (this.reassigning = null));
  }

  reassignment() {
    return this.reassigning;
  }

  undoReassignment(version: number, dryRun: boolean, ifCatalogueVersion: number | null = null, hasImpact = true) {
    return undoReassignment(this.services, { version, dryRun, ifCatalogueVersion, hasImpact });
  }
}
