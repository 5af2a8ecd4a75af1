/** The context of an operation, and the ports that resolvers call and src/ implements. */
import type { ApiKeyRecord, Caller, CallerRole, Role } from './api-key/records';
import type { CreateApiKeyPayload, RevokeApiKeyPayload } from './api-key/types';
import type { AuditRecord, NewAuditRecord } from './audit/records';
import type { CatalogueChangeRecord } from './catalogue/records';
import type { NamedRow, Page, PageArgs, TwoWayPageArgs, UserErrorRecord } from './common/records';
import type { ExperimentPayload, PromoteArmPayload } from './experiment/payloads';
import type { ExperimentFigures, ExperimentRecord, NewExperimentArgs, ServedArm } from './experiment/records';
import type { CompareVersionsArgs, VersionComparisonRecord, WhyNotRecord } from './explanation/records';
import type { FiguresPeriod, ListRecord, NewFeedbackArgs, PlacementRecord } from './feedback/records';
import type { RecordFeedbackPayload, UndoDismissalsPayload } from './feedback/types';
import type { InteractionRecord, InteractionRefArgs, KindRuleRecord, NewInteractionArgs } from './interaction/records';
import type { DeleteInteractionsPayload, RecordInteractionsPayload } from './interaction/types';
import type {
  FacetValueRecord,
  ItemFacet,
  ItemFilterArgs,
  ItemListArgs,
  ItemPatchArgs,
  ItemRecord,
  ItemSelectionArgs,
  NewItemArgs,
} from './item/records';
import type { DeleteItemsPayload, ItemsPayload, UpsertItemsPayload } from './item/types';
import type { ActivationRecord, ModelVersionRecord } from './model-version/records';
import type { ActivateModelVersionPayload } from './model-version/types';
import type {
  NewPlacementState,
  PlacementDefinition,
  PlacementStateRecord,
  PlacementWarningRecord,
} from './placement/records';
import type { RemovePlacementPayload, SavedPlacementPayload } from './placement/types';
import type {
  AsOfArgs,
  BecauseRecord,
  FormerState,
  ListSubject,
  RecommendationArgs,
  RecommendationList,
} from './recommendation/records';
import type {
  CodebookLevelRecord,
  CollisionSummary,
  PrefixRecord,
  ReassignArgs,
  ReassignmentProgressRecord,
  ReassignmentRecord,
  SemanticIdRecord,
} from './semantic-id/records';
import type { TopicHub } from './topics';
import type { StartTrainingInput } from './training/inputs';
import type {
  MetricPointRecord,
  PresetRecord,
  StepRange,
  TrainingJobRecord,
  TrainingProgressRecord,
  TrainingStatus,
} from './training/records';
import type { TrainingPayload } from './training/types';
import type { UserRecord } from './user/records';
import type { EraseUsersPayload, IdentifyPayload } from './user/types';

export interface Context {
  readonly requestId: string;
  readonly role: CallerRole;
  readonly caller: Caller;
  readonly catalogue: Catalogue;
  readonly recommender: Recommender;
  readonly explanations: Explanations;
  readonly feedback: Feedback;
  readonly placements: Placements;
  readonly experiments: Experiments;
  readonly trainingJobs: TrainingJobs;
  readonly models: Models;
  readonly apiKeys: ApiKeys;
  readonly audit: Audit;
  readonly loaders: Loaders;
  /** Subscriptions read from it. */
  readonly hub: Pick<TopicHub, 'subscribe'>;
  /** Aborted when nobody waits for the answer any more; its reason is the error for whoever is still at work. */
  readonly signal: AbortSignal;
}

// ---- Ports; a thing that is not there is null --------------------------------------------------------------------

export interface Catalogue {
  item(externalId: string): Promise<ItemRecord | null>;
  items(page: TwoWayPageArgs, filter: ItemFilterArgs | null, list?: ItemListArgs): Promise<Page<ItemRecord>>;
  /** How many items `items` has in all. @param signal - When aborted, the count by a filter ends with its reason. */
  itemCount(filter: ItemFilterArgs | null, items?: ItemSelectionArgs, signal?: AbortSignal): Promise<number>;
  /** The values of a field that most items of a list have. The filter's condition on that field does not count. */
  itemFacet(
    facet: ItemFacet,
    first: number,
    filter: ItemFilterArgs | null,
    items?: ItemSelectionArgs,
  ): Promise<readonly FacetValueRecord[]>;
  /** The newest record comes first. */
  interactionsWith(itemId: number, page: PageArgs): Promise<Page<InteractionRecord>>;
  /** @returns Those that there are, removed items too; in one query. */
  namedRows(
    type: 'Item' | 'User',
    names: { readonly ids: readonly number[] } | { readonly externalIds: readonly string[] },
  ): Promise<readonly NamedRow[]>;
  user(externalId: string): Promise<UserRecord | null>;
  /** Oldest first. @param externalIdContains - Absent: all. */
  users(page: PageArgs, externalIdContains?: string | null): Promise<Page<UserRecord>>;
  /** The live items that the user viewed last, newest first, each once. */
  recentlyViewed(userId: number, first: number): Promise<readonly ItemRecord[]>;
  /** The number of its last change. */
  version(): Promise<number>;
  /** How many items can be recommended. */
  liveItemCount(): Promise<number>;
  /** How many of these have a semantic ID. */
  tokenizedItemCount(): Promise<number>;
  userCount(): Promise<number>;
  interactionCount(): Promise<number>;
  /** Newest first. */
  recentChanges(first: number): Promise<readonly CatalogueChangeRecord[]>;
  /** The next changes after this version, oldest first: some hundred at most; none: there are no more. */
  changesAfter(version: number): Promise<readonly CatalogueChangeRecord[]>;
  /** The categories of live items, the most frequent first. */
  frequentCategories(first: number): Promise<readonly string[]>;
  levels(): Promise<readonly CodebookLevelRecord[]>;
  collisions(): Promise<CollisionSummary>;
  largestCollisionGroups(first: number): Promise<readonly PrefixRecord[]>;
  /** Null when no semantic ID begins with these codes. */
  prefix(codes: readonly number[]): Promise<PrefixRecord | null>;
  prefixChildren(codes: readonly number[], page: PageArgs): Promise<Page<PrefixRecord>>;
  prefixItems(codes: readonly number[], page: PageArgs): Promise<Page<ItemRecord>>;
  /** Terms that tell a prefix apart from the others under its parent, the best first; none for the root. */
  prefixTerms(codes: readonly number[]): Promise<readonly string[]>;
  /** Other items whose semantic IDs share a prefix with this one, the longest prefix first. */
  similarItems(itemId: number, page: PageArgs): Promise<Page<ItemRecord>>;

  /**
   * @param atomic - Whether one wrong item refuses the whole call.
   * @param known - Mistakes in single items that are known already. Such an item is left out.
   */
  upsertItems(
    items: readonly NewItemArgs[],
    atomic: boolean,
    known?: readonly UserErrorRecord[],
  ): Promise<UpsertItemsPayload>;
  /** @param reencode - Whether the changed items also get new codes. */
  updateItems(
    patches: readonly ItemPatchArgs[],
    reencode: boolean,
    known?: readonly UserErrorRecord[],
  ): Promise<ItemsPayload>;
  removeItems(itemIds: readonly number[], known?: readonly UserErrorRecord[]): Promise<ItemsPayload>;
  /** Brings removed items back with the fields and, under the same tokenizer, the codes that they had. */
  restoreItems(itemIds: readonly number[], known?: readonly UserErrorRecord[]): Promise<ItemsPayload>;
  /** Deletes items for good, removed ones too, with their interactions and all other rows of them. */
  deleteItems(itemIds: readonly number[], known?: readonly UserErrorRecord[]): Promise<DeleteItemsPayload>;
  /** IDs that no interaction has are no mistake. */
  deleteInteractions(references: readonly InteractionRefArgs[]): Promise<DeleteInteractionsPayload>;
  /** See `upsertItems`. */
  recordInteractions(
    interactions: readonly NewInteractionArgs[],
    atomic: boolean,
    known?: readonly UserErrorRecord[],
  ): Promise<RecordInteractionsPayload>;
  /** Gives a user what a visitor did. Both are named by external IDs. */
  identify(visitorExternalId: string, userExternalId: string): Promise<IdentifyPayload>;
  /** @returns All that is kept of a user, as plain data. */
  exportUser(externalId: string): Promise<object | null>;
  /** Deletes users with all their interactions. IDs of no user are no mistake. */
  eraseUsers(externalIds: readonly string[]): Promise<EraseUsersPayload>;
  /** @param signal - A dry run ends with it, and rejects with its reason. */
  reassignSemanticIds(
    args: ReassignArgs,
    known?: readonly UserErrorRecord[],
    signal?: AbortSignal,
  ): Promise<ReassignmentRecord>;
  /** The one that this process works out now; null: none. */
  reassignment(): ReassignmentProgressRecord | null;
  /**
   * Takes back the reassignment that made this version. `CONFLICT`: one of its items, or of their former codes, has changed
   * since, or the catalogue has another version than `ifCatalogueVersion`.
   *
   * @param hasImpact - As for a reassignment.
   */
  undoReassignment(
    catalogueVersion: number,
    dryRun: boolean,
    ifCatalogueVersion: number | null,
    hasImpact?: boolean,
  ): Promise<ReassignmentRecord>;
}

/** Feedback on lists, and the placements that show them. */
export interface Feedback {
  /** @returns The ID that names the list in feedback; only a server of the same database can make it. */
  listId(list: ListRecord): Promise<string>;
  /**
   * @param user - The external ID of the only user on whose lists, and on those of no user, the caller may report; null: on all.
   */
  record(
    feedback: readonly NewFeedbackArgs[],
    options: { readonly atomic: boolean; readonly known: readonly UserErrorRecord[]; readonly user: string | null },
  ): Promise<RecordFeedbackPayload>;
  /** The newest dismissal comes first. */
  dismissedItems(userId: number, page: PageArgs): Promise<Page<ItemRecord>>;
  undoDismissals(userExternalId: string, itemExternalIds: readonly string[]): Promise<UndoDismissalsPayload>;
  /**
   * The placements whose lists had feedback, by name.
   *
   * @param name - Only this one; absent: all.
   */
  placements(period: FiguresPeriod, name?: string): Promise<readonly PlacementRecord[]>;
  /** Deletes its figures, and what is stored of it. */
  removePlacement(name: string): Promise<RemovePlacementPayload>;
}

/** The stored placements: see `PlacementDefinition`. */
export interface Placements {
  /** All that are stored, by name. */
  names(): Promise<readonly string[]>;
  /** Newest first. */
  states(name: string, page: PageArgs): Promise<Page<PlacementStateRecord>>;
  /** The parts of such a definition that would not do now as they say. */
  warnings(name: string, definition: PlacementDefinition): Promise<readonly PlacementWarningRecord[]>;
  /** `CONFLICT`: another state than `basedOn` is the newest. @param isDryRun - Whether to check alone. */
  save(
    state: NewPlacementState,
    options: { readonly savedBy: string | null; readonly isDryRun: boolean },
  ): Promise<SavedPlacementPayload>;
  /** Saves a former state once more. */
  restore(name: string, number: number, savedBy: string | null): Promise<SavedPlacementPayload>;
}

/** Comparisons of arms on the lists of placements. */
export interface Experiments {
  /** @returns What serves a list of the placement; null: no experiment on it is running. @param user - As the list names the user. */
  armFor(placement: string, user: ListRecord['user']): Promise<ServedArm | null>;
  experiment(id: number): Promise<ExperimentRecord | null>;
  /** Newest first. @param placement - Null: of all. */
  experiments(page: PageArgs, placement: string | null): Promise<Page<ExperimentRecord>>;
  /** Reads the results of an experiment that there is. */
  figures(id: number): Promise<ExperimentFigures>;
  start(experiment: NewExperimentArgs): Promise<ExperimentPayload>;
  stop(id: number): Promise<ExperimentPayload>;
  /** Makes what an arm has the newest state of the placement, and stops the experiment. */
  promote(armId: number, savedBy: string | null): Promise<PromoteArmPayload>;
}

export interface Recommender {
  /**
   * Lists that are asked for at the same time are made by one batched beam search.
   *
   * @param signal - When it is aborted, the call rejects with its reason.
   */
  recommend(subject: ListSubject, args: RecommendationArgs, signal?: AbortSignal): Promise<RecommendationList>;
  /**
   * Scores items again without each of the newest 20 items of the history.
   *
   * @param itemIds - At most 100.
   * @returns Item id → the items of the history without which it would be less likely, those that count most first; empty where no
   *   model makes the list.
   */
  because(
    subject: ListSubject,
    args: RecommendationArgs,
    itemIds: readonly number[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly BecauseRecord[]>>;
  /** The rules of each kind of interaction. */
  kinds(): readonly KindRuleRecord[];
}

/** Explanations that lists do not have by themselves. */
export interface Explanations {
  /**
   * @param externalId - Of the item that the list of the subject does not have.
   * @returns Null when there is no such item.
   */
  whyNot(
    subject: ListSubject,
    args: RecommendationArgs,
    externalId: string,
    signal?: AbortSignal,
  ): Promise<WhyNotRecord | null>;
  /** @throws {GraphQLError} When there was no such state. */
  formerState(asOf: AsOfArgs): Promise<FormerState>;
  /** @throws {GraphQLError} When the version cannot be loaded. */
  compareVersions(args: CompareVersionsArgs, signal?: AbortSignal): Promise<VersionComparisonRecord>;
}

export interface TrainingJobs {
  job(id: number): Promise<TrainingJobRecord | null>;
  jobs(page: PageArgs, status: TrainingStatus | null): Promise<Page<TrainingJobRecord>>;
  /** @param jobId - Null: every running job. */
  progress(jobId: number | null): Promise<readonly TrainingProgressRecord[]>;
  /**
   * The next events after this one, oldest first: some hundred at most, and none when there are no more.
   *
   * @param jobId - Null: of every job.
   */
  progressAfter(event: number, jobId: number | null): Promise<readonly TrainingProgressRecord[]>;
  /** The number of the last event of any job; 0 before the first. */
  newestEvent(): Promise<number>;
  /** @returns The stored values of a figure, oldest first, thinned to at most `points`. @param range - Absent: all steps. */
  curve(jobId: number, metric: string, points: number, range?: StepRange): Promise<readonly MetricPointRecord[]>;
  /** The presets in the order in which they are offered. */
  presets(): readonly PresetRecord[];
  start(args: StartTrainingInput): Promise<TrainingPayload>;
  cancel(id: number): Promise<TrainingPayload>;
}

export interface Models {
  live(): Promise<ModelVersionRecord | null>;
  /** The one that was active before the active one; null also when that is long ago. */
  former(): Promise<ModelVersionRecord | null>;
  version(id: number): Promise<ModelVersionRecord | null>;
  versions(page: PageArgs): Promise<Page<ModelVersionRecord>>;
  /** The next activations after this version of the catalogue, oldest first: some hundred at most; none: there are no more. */
  activationsAfter(catalogueVersion: number): Promise<readonly ActivationRecord[]>;
  activate(id: number): Promise<ActivateModelVersionPayload>;
}

export interface ApiKeys {
  /** Makes a key. The secret is given only here; the database keeps its hash. */
  create(name: string, role: Role, expiresAt?: Date | null): Promise<CreateApiKeyPayload & { readonly id: number }>;
  revoke(id: number): Promise<RevokeApiKeyPayload>;
  /** All keys, also those that have ended, newest first. */
  keys(page: PageArgs): Promise<Page<ApiKeyRecord>>;
}

/** Who changed what. */
export interface Audit {
  /**
   * Runs a mutation, and stores its entry: in the transaction of its first change, so that neither is there without the other; else
   * after it.
   */
  enter<T>(entry: NewAuditRecord, run: () => Promise<T>): Promise<T>;
  /** Newest first. */
  entries(page: PageArgs): Promise<Page<AuditRecord>>;
  /** Takes the names of these users from the entries of storefront tokens. The entries stay. */
  forgetUsers(externalIds: readonly string[]): Promise<void>;
}

/** Look-ups of one operation, gathered into batches. A missing row is null; a failed look-up rejects alone. */
export interface Loaders {
  item(id: number): Promise<ItemRecord | null>;
  user(id: number): Promise<UserRecord | null>;
  semanticId(itemId: number): Promise<SemanticIdRecord | null>;
  prefix(codes: readonly number[]): Promise<PrefixRecord | null>;
  /** How many interactions the user has in all. */
  interactionCount(userId: number): Promise<number>;
  modelVersion(id: number): Promise<ModelVersionRecord | null>;
  trainingJob(id: number): Promise<TrainingJobRecord | null>;
  /** The state of a placement that is in force. */
  placementState(name: string): Promise<PlacementStateRecord | null>;
  /** Newest first. */
  history(userId: number, page: PageArgs): Promise<Page<InteractionRecord>>;
  /**
   * Reads what nothing reads for several rows at once: a few at a time, so that a large query keeps nobody else waiting.
   *
   * @param key - Says what is read. What an operation asks for again is not read again.
   */
  inTurn<T>(key: readonly unknown[], read: () => Promise<T>): Promise<T>;
  /** Forgets what was loaded so far; called after each mutation, and for each event of a subscription. */
  clearAll(): void;
}
