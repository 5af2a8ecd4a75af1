/** What resolvers may call: the request's context and the ports that src/ implements. No transport, no database here. */
import type { Role } from './api-key/records';
import type { CatalogueSummary } from './catalogue/records';
import type { Page, PageArgs, UserErrorRecord } from './common/records';
import type { InteractionRecord, NewInteractionArgs } from './interaction/records';
import type { ChangedItemsRecord, ItemFilterArgs, ItemPatchArgs, ItemRecord, NewItemArgs } from './item/records';
import type { ModelVersionRecord } from './model-version/records';
import type { RecommendationArgs, RecommendationList } from './recommendation/records';
import type {
  CodebookLevelRecord,
  CollisionSummary,
  PrefixRecord,
  ReassignArgs,
  ReassignmentRecord,
  SemanticIdRecord,
} from './semantic-id/records';
import type { TopicHub } from './topics';
import type { MetricPointRecord, TrainingJobRecord, TrainingProgressRecord, TrainingStatus } from './training/records';
import type { UserRecord } from './user/records';

export interface Context {
  readonly requestId: string;
  readonly role: Role;
  readonly catalogue: Catalogue;
  readonly recommender: Recommender;
  readonly trainingJobs: TrainingJobs;
  readonly models: Models;
  readonly apiKeys: ApiKeys;
  readonly loaders: Loaders;
  /** What subscriptions read from. */
  readonly hub: Pick<TopicHub, 'subscribe'>;
  /** Facts for the response's `extensions`, such as the unknown items of an anonymous history. */
  readonly notes: Map<string, unknown>;
}

// ---- Ports ------------------------------------------------------------------------------------------------------

export interface Catalogue {
  item(externalId: string): Promise<ItemRecord | null>;
  /** Live items, oldest first. */
  items(page: PageArgs, filter: ItemFilterArgs | null): Promise<Page<ItemRecord>>;
  user(externalId: string): Promise<UserRecord | null>;
  users(page: PageArgs): Promise<Page<UserRecord>>;
  summary(): Promise<CatalogueSummary>;
  levels(): Promise<readonly CodebookLevelRecord[]>;
  collisions(): Promise<CollisionSummary>;
  largestCollisionGroups(first: number): Promise<readonly PrefixRecord[]>;
  /** Null when no item has these codes first. */
  prefix(codes: readonly number[]): Promise<PrefixRecord | null>;
  prefixChildren(codes: readonly number[], page: PageArgs): Promise<Page<PrefixRecord>>;
  prefixItems(codes: readonly number[], page: PageArgs): Promise<Page<ItemRecord>>;
  /** Categories of the items under a prefix, most frequent first. */
  topCategories(codes: readonly number[]): Promise<readonly string[]>;
  /** Items that share the longest prefix with this one, longest first; never the item itself. */
  similarItems(itemId: number, page: PageArgs): Promise<Page<ItemRecord>>;

  /** `items[i]` answers input i; null where it was refused. */
  addItems(items: readonly NewItemArgs[], atomic: boolean): Promise<ChangedItemsRecord>;
  /** `reencode`: also give the changed items codes anew. */
  updateItems(patches: readonly ItemPatchArgs[], reencode: boolean): Promise<ChangedItemsRecord>;
  removeItems(itemIds: readonly number[]): Promise<ChangedItemsRecord>;
  /** The way back of `removeItems`: with the fields and, under the same tokenizer, the codes that they had. */
  restoreItems(itemIds: readonly number[]): Promise<ChangedItemsRecord>;
  recordInteractions(
    interactions: readonly NewInteractionArgs[],
  ): Promise<{ recorded: number; users: readonly UserRecord[]; userErrors: readonly UserErrorRecord[] }>;
  reassignSemanticIds(args: ReassignArgs): Promise<ReassignmentRecord>;
  /** Takes back the reassignment that made this version; refused with `CONFLICT` when its items or their former codes are not free for it. */
  undoReassignment(catalogueVersion: number, dryRun: boolean): Promise<ReassignmentRecord>;
}

export interface Recommender {
  /** For a history that need not be a stored user's; external ids, oldest first. Unknown ones are skipped and named. */
  recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
  ): Promise<RecommendationList & { readonly skipped: readonly string[] }>;
}

export interface TrainingJobs {
  job(id: number): Promise<TrainingJobRecord | null>;
  jobs(page: PageArgs, status: TrainingStatus | null): Promise<Page<TrainingJobRecord>>;
  /** The present state of a job, or of every running one. */
  progress(jobId: number | null): Promise<readonly TrainingProgressRecord[]>;
  curve(jobId: number, metric: string, points: number): Promise<readonly MetricPointRecord[]>;
  start(args: {
    preset: string;
    seed: number | null;
    reuseTokenizer: boolean;
    activateWhenBetter: boolean;
  }): Promise<{ job: TrainingJobRecord | null; userErrors: readonly UserErrorRecord[] }>;
  cancel(id: number): Promise<{ job: TrainingJobRecord | null; userErrors: readonly UserErrorRecord[] }>;
}

export interface Models {
  active(): Promise<ModelVersionRecord | null>;
  version(id: number): Promise<ModelVersionRecord | null>;
  versions(page: PageArgs): Promise<Page<ModelVersionRecord>>;
  activate(id: number): Promise<{ modelVersion: ModelVersionRecord | null; userErrors: readonly UserErrorRecord[] }>;
}

export interface ApiKeys {
  /** The secret is shown here once; only its hash is kept. */
  create(name: string, role: Role): Promise<{ id: number; secret: string; userErrors: readonly UserErrorRecord[] }>;
  revoke(id: number): Promise<{ revoked: boolean; userErrors: readonly UserErrorRecord[] }>;
}

/** Batching look-ups of one request. A missing row is null; a failed slot rejects alone. */
export interface Loaders {
  item(id: number): Promise<ItemRecord | null>;
  user(id: number): Promise<UserRecord | null>;
  semanticId(itemId: number): Promise<SemanticIdRecord | null>;
  prefix(codes: readonly number[]): Promise<PrefixRecord | null>;
  modelVersion(id: number): Promise<ModelVersionRecord | null>;
  trainingJob(id: number): Promise<TrainingJobRecord | null>;
  /** Newest first. */
  history(userId: number, page: PageArgs): Promise<Page<InteractionRecord>>;
  /** All users of one query become one batched beam search. */
  recommendations(userId: number, args: RecommendationArgs): Promise<RecommendationList>;
  /** After a mutation: nothing loaded so far is answered again. */
  clearAll(): void;
}
