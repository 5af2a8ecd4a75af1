/** The catalogue: reads items, users and prefixes, and makes every change of items, interactions and semantic IDs. */
import type { PageArgs, UserErrorRecord } from '../../graphql/common/records';
import type { Catalogue as CataloguePort } from '../../graphql/context';
import type { NewInteractionArgs } from '../../graphql/interaction/records';
import type { ItemFilterArgs, ItemListArgs, ItemPatchArgs, NewItemArgs } from '../../graphql/item/records';
import type { ReassignArgs } from '../../graphql/semantic-id/records';
import { PrefixReads } from '../semantic-ids/prefix-reads';
import { RequestReads } from '../storage/request-reads';
import { CatalogueReads } from './catalogue-reads';
import type { CatalogueServices } from './catalogue-services';
import { recordInteractions } from './interactions';
import { addItems } from './item-additions';
import { removeItems } from './item-removals';
import { restoreItems } from './item-restorations';
import { updateItems } from './item-updates';
import { reassignSemanticIds } from './reassignment';
import { undoReassignment } from './reassignment-undo';
import { eraseUsers } from './user-erasures';

export class Catalogue implements CataloguePort {
  private readonly reads: CatalogueReads;
  private readonly prefixes: PrefixReads;

  constructor(private readonly services: CatalogueServices) {
    const { read, hotPath } = services.database;
    this.reads = new CatalogueReads(read, new RequestReads(hotPath));
    this.prefixes = new PrefixReads(read);
  }

  item(externalId: string) {
    return this.reads.item(externalId);
  }

  items(page: PageArgs, filter: ItemFilterArgs | null, list?: ItemListArgs) {
    return this.reads.items(page, filter, list);
  }

  itemCount(filter: ItemFilterArgs | null, removed: boolean, signal?: AbortSignal) {
    return this.reads.itemCount(filter, removed, signal);
  }

  interactionsWith(itemId: number, page: PageArgs) {
    return this.reads.interactionsWith(itemId, page);
  }

  user(externalId: string) {
    return this.reads.user(externalId);
  }

  users(page: PageArgs, externalIdContains?: string | null) {
    return this.reads.users(page, externalIdContains);
  }

  version() {
    return this.reads.version();
  }

  liveItemCount() {
    return this.reads.liveItemCount();
  }

  tokenizedItemCount() {
    return this.prefixes.tokenizedItemCount();
  }

  userCount() {
    return this.reads.userCount();
  }

  interactionCount() {
    return this.reads.interactionCount();
  }

  recentChanges(first: number) {
    return this.reads.recentChanges(first);
  }

  changesAfter(version: number) {
    return this.reads.changesAfter(version);
  }

  frequentCategories(first: number) {
    return this.reads.frequentCategories(first);
  }

  levels() {
    return this.prefixes.levels();
  }

  collisions() {
    return this.prefixes.collisions();
  }

  largestCollisionGroups(first: number) {
    return this.prefixes.largestCollisionGroups(first);
  }

  prefix(codes: readonly number[]) {
    return this.prefixes.prefix(codes);
  }

  prefixChildren(codes: readonly number[], page: PageArgs) {
    return this.prefixes.prefixChildren(codes, page);
  }

  prefixItems(codes: readonly number[], page: PageArgs) {
    return this.prefixes.prefixItems(codes, page);
  }

  topCategories(codes: readonly number[]) {
    return this.prefixes.topCategories(codes);
  }

  similarItems(itemId: number, page: PageArgs) {
    return this.prefixes.similarItems(itemId, page);
  }

  addItems(items: readonly NewItemArgs[], atomic: boolean, known: readonly UserErrorRecord[] = []) {
    return addItems(this.services, items, atomic, known);
  }

  updateItems(patches: readonly ItemPatchArgs[], reencode: boolean, known: readonly UserErrorRecord[] = []) {
    return updateItems(this.services, patches, reencode, known);
  }

  removeItems(itemIds: readonly number[], known: readonly UserErrorRecord[] = []) {
    return removeItems(this.services, itemIds, known);
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

  eraseUsers(externalIds: readonly string[]) {
    return eraseUsers(this.services, externalIds);
  }

  reassignSemanticIds(args: ReassignArgs, known: readonly UserErrorRecord[] = []) {
    return reassignSemanticIds(this.services, args, known);
  }

  undoReassignment(catalogueVersion: number, dryRun: boolean, ifCatalogueVersion: number | null = null) {
    return undoReassignment(this.services, catalogueVersion, dryRun, ifCatalogueVersion);
  }
}
