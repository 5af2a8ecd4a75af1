/** Small in-memory stand-ins for the services, for tests of the API and of both protocols. */
import { Writable } from 'node:stream';

import type { ApiKeyRecord, Role } from '../../graphql/api-key/records';
import { codeOf, outcomeOf } from '../../graphql/audit/audit-mutations';
import type { AuditRecord, NewAuditRecord } from '../../graphql/audit/records';
import type { Page, PageArgs } from '../../graphql/common/records';
import type { Loaders } from '../../graphql/context';
import type { ArmRecord, ExperimentRecord } from '../../graphql/experiment/records';
import type { ItemRecord } from '../../graphql/item/records';
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { PlacementStateRecord } from '../../graphql/placement/records';
import type {
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
} from '../../graphql/recommendation/records';
import { buildTigerSchema } from '../../graphql/schema';
import type { TrainingJobRecord, TrainingProgressRecord } from '../../graphql/training/records';
import { KIND_RULES, KINDS } from '../../models/data/kinds';
import { type AccessParts, callerOf, contextsOf, createIsCurrent, type Services } from '../../src/api/context';
import { createStorefrontTokens } from '../../src/api/storefront-tokens';
import { createTopicHub } from '../../src/api/topics';
import { type Config, readConfig, type ReadAccess, type TokenSettings } from '../../src/config';
import type { App } from '../../src/http/app';
import { createMetrics } from '../../src/http/metrics';
import { createLogger } from '../../src/logger';

export const KEYS = {
  READER: 'reader-key-0123456789',
  WRITER: 'writer-key-0123456789',
  ADMIN: 'admin-key-0123456789',
} as const satisfies Record<Role, string>;

/** The key of role i has id i + 1. */
const KEY_ROLES: readonly Role[] = ['READER', 'WRITER', 'ADMIN'];
export const heldKey = (role: Role) => ({
  id: KEY_ROLES.indexOf(role) + 1,
  name: role.toLowerCase(),
  role,
  expiresAt: null,
});

const DAY = new Date('2024-01-02T03:04:05.000Z');

export const MODEL: ModelVersionRecord = {
  id: 1,
  number: 1,
  status: 'ACTIVE',
  preset: 'tiny',
  device: 'onnx-cpu',
  parameterCount: 1234,
  createdAt: DAY,
  trainingJobId: 1,
  parentId: null,
  metrics: [{ name: 'ndcg@10', value: 0.5, low: 0.4, high: 0.6 }],
};

export const PROGRESS: TrainingProgressRecord = {
  jobId: 1,
  phase: 'SEQ2SEQ',
  step: 10,
  totalSteps: 100,
  loss: 2.5,
  metrics: [],
  examplesPerSecond: 640,
  secondsLeft: 9,
};

export const JOB: TrainingJobRecord = {
  id: 1,
  status: 'RUNNING',
  preset: 'tiny',
  seed: 7,
  reuseTokenizer: false,
  createdAt: DAY,
  startedAt: DAY,
  finishedAt: null,
  progress: PROGRESS,
  modelVersionId: 1,
  error: null,
};

const API_KEY: ApiKeyRecord = {
  id: 5,
  name: 'shop',
  prefix: 'tql_abcdefgh',
  role: 'WRITER',
  createdAt: DAY,
  lastUsedAt: null,
  expiresAt: null,
  revokedAt: null,
};

const PLACEMENT_STATE: PlacementStateRecord = {
  ...{ name: 'home', number: 2, savedAt: DAY, savedBy: 'shop' },
  title: 'Top of the home page',
  options: { filter: { brands: ['Odd'] }, includeSeen: false },
  rules: [
    { action: { pin: { itemId: 3, place: 1 } }, until: DAY },
    { action: { boost: { filter: { categories: ['things'] }, factor: 2 } } },
  ],
  modelVersionId: 1,
};
const SAVED_PLACEMENT = { state: PLACEMENT_STATE, inForce: PLACEMENT_STATE, warnings: [], userErrors: [] };

type AuditedRecord = NewAuditRecord & Pick<AuditRecord, 'outcome'>;

const AUDIT: AuditRecord = {
  id: 1,
  at: DAY,
  role: 'ADMIN',
  caller: 'shop',
  apiKeyId: 5,
  mutation: 'upsertItems',
  input: '{}',
  outcome: 'OK',
};

/** Items 1–6; users 1–100, of whom user u has bought items 1 and 2. */
const ITEMS = [1, 2, 3, 4, 5, 6].map((id) => ({
  id,
  externalId: `item-${id}`,
  title: `Item ${id}`,
  description: `About item ${id}`,
  brand: id % 2 ? 'Odd' : 'Even',
  categories: ['things'],
  price: id * 1.5,
  attributes: { id },
  interactionCount: id,
  addedAt: DAY,
  removedAt: null,
})) as readonly object[] as readonly ItemRecord[];
const NUM_USERS = 100;

/** Two codes and a collision token; items 1 and 2 collide. */
const codesOf = (itemId: number) => [Math.ceil(itemId / 2), itemId <= 2 ? 7 : itemId, itemId === 2 ? 1 : 0];

const figuresOf = (modelVersionId: number | null) => {
  const share = { count: 1, share: 0.5, low: 0.1, high: 0.9 };
  const revenue = [{ currency: 'EUR', quantity: 2, total: 20, perList: 10, low: 5, high: 15 }];
  const shares = { clicked: share, cart: share, purchased: share, dismissed: share, coverage: share };
  return { day: null, modelVersionId, arm: null, lists: 2, ...shares, revenue };
};

const EXPERIMENT: ExperimentRecord = {
  ...{ id: 1, placement: 'home', metric: 'CLICKED', currency: null, startedAt: DAY, stoppedAt: null },
};

const armOf = (id: number): ArmRecord => {
  const rate = { total: 5, perList: 0.5, low: 0.4, high: 0.6 };
  const difference = id === 1 ? null : { value: 0.1, low: -0.1, high: 0.3 };
  const arm = { name: `arm ${id}`, percent: 50, stateNumber: null, modelVersionId: id === 1 ? null : 1 };
  return {
    ...{ id, ...arm, isControl: id === 1, status: 'RUNNING', stoppedAt: null, users: 5, lists: 10 },
    ...{ clicked: { ...rate, difference }, purchased: { ...rate, difference }, revenue: null },
  };
};

export type FakeServices = Services & {
  /** The calls of the ports, in order. */
  readonly calls: { readonly port: string; readonly args: readonly unknown[] }[];
  /** The entries of the audit log. */
  readonly audited: readonly AuditedRecord[];
};

export function createFakeServices(): FakeServices {
  const calls: FakeServices['calls'] = [];
  const audited: AuditedRecord[] = [];
  const noted = <A extends unknown[], R>(port: string, fn: (...args: A) => R) => {
    return (...args: A): R => {
      calls.push({ port, args });
      return fn(...args);
    };
  };
  const item = (id: number) => ITEMS.find((row) => row.id === id) ?? null;
  const user = (id: number) => (id >= 1 && id <= NUM_USERS ? { id, externalId: `user-${id}` } : null);
  const prefix = async (codes: readonly number[]) => {
    const under = ITEMS.filter(({ id }) => codes.every((code, level) => codesOf(id)[level] === code));
    return under.length > 0 ? { codes, itemCount: under.length } : null;
  };
  const payload = { items: [ITEMS[0]], catalogueVersion: 8, userErrors: [] };
  return {
    calls,
    audited,
    hub: createTopicHub(),
    catalogue: {
      exportUser: async (externalId) => ({ externalId }),
      item: async (externalId) => ITEMS.find((row) => row.externalId === externalId) ?? null,
      items: noted('items', async (page, _filter, _list) =>
        pageOf(ITEMS, 'last' in page ? { first: page.last, after: null } : page),
      ),
      itemCount: async () => ITEMS.length,
      itemFacet: noted('itemFacet', async (_facet, first, _filter, _items) =>
        [
          { value: 'Odd', count: 3 },
          { value: 'Even', count: 3 },
        ].slice(0, first),
      ),
      interactionsWith: async (itemId, page) =>
        pageOf([{ id: itemId, userId: 1, itemId, kind: 'PURCHASE' as const, rating: 4, occurredAt: DAY }], page),
      user: async (externalId) => user(Number(externalId.replace('user-', ''))),
      users: async (page) =>
        pageOf(
          Array.from({ length: NUM_USERS }, (_, i) => user(i + 1)!),
          page,
        ),
      recentlyViewed: noted('recentlyViewed', async (_userId, first) => ITEMS.slice(0, first)),
      version: async () => 7,
      liveItemCount: noted('liveItemCount', async () => 6),
      tokenizedItemCount: async () => 6,
      userCount: noted('userCount', async () => NUM_USERS),
      interactionCount: noted('interactionCount', async () => 200),
      changesAfter: async (version) =>
        version < 7 ? [{ version: 7, kind: 'ITEMS_ADDED' as const, itemCount: 1, changedAt: DAY }] : [],
      recentChanges: async () => [{ version: 7, kind: 'ITEMS_ADDED' as const, itemCount: 2, changedAt: DAY }],
      frequentCategories: async (first) => ['cups', 'bowls'].slice(0, first),
      levels: async () => [{ level: 0, size: 4, usedCodes: 3, perplexity: 3, histogram: [0, 2, 2, 2] }],
      collisions: async () => ({ collidingItemCount: 2, rate: 1 / 3 }),
      largestCollisionGroups: noted('largestCollisionGroups', async (_first) => [{ codes: [1, 7], itemCount: 2 }]),
      prefix,
      prefixChildren: noted('prefixChildren', async (codes, page) =>
        pageOf(
          [...new Set(ITEMS.map(({ id }) => codesOf(id)[codes.length]))].map((code) => ({
            codes: [...codes, code],
            itemCount: 1,
          })),
          page,
        ),
      ),
      prefixItems: noted('prefixItems', async (_codes, page) => pageOf(ITEMS, page)),
      prefixTerms: async () => ['things', 'mugs', 'blue'],
      similarItems: noted('similarItems', async (itemId, page) =>
        pageOf(
          ITEMS.filter(({ id }) => id !== itemId),
          page,
        ),
      ),
      upsertItems: noted('upsertItems', async (items, _atomic) => ({
        ...payload,
        items: items.map(() => ITEMS[0]),
        ...{ created: items.length, updated: 0, unchanged: 0 },
      })),
      namedRows: async (type, names) => {
        const row = type === 'Item' ? item : user;
        const numbers = 'ids' in names ? names.ids : names.externalIds.map((name) => Number(name.split('-')[1]));
        return numbers.flatMap((n) => row(n) ?? []);
      },
      updateItems: noted('updateItems', async (_patches, _reencode) => payload),
      removeItems: noted('removeItems', async (itemIds, known = []) =>
        known.length === 0 ? payload : { items: itemIds.map(() => null), userErrors: known, catalogueVersion: null },
      ),
      deleteItems: noted('deleteItems', async (_itemIds) => ({
        ...{ deletedExternalIds: ['item-1'], deletedInteractions: 2, catalogueVersion: 8, userErrors: [] },
      })),
      deleteInteractions: noted('deleteInteractions', async (references) => ({
        deleted: references.length,
        userErrors: [],
      })),
      restoreItems: noted('restoreItems', async (_itemIds) => payload),
      recordInteractions: noted('recordInteractions', async (interactions) => ({
        recorded: interactions.length,
        users: [user(1)!],
        userErrors: [],
      })),
      identify: noted('identify', async (_visitor, userExternalId) => ({
        user: user(Number(userExternalId.split('-')[1])),
        joinedInteractions: 2,
        userErrors: [],
      })),
      eraseUsers: noted('eraseUsers', async (externalIds) => ({
        erasedExternalIds: externalIds.filter((externalId) => externalId.startsWith('user-')),
        unknownExternalIds: externalIds.filter((externalId) => !externalId.startsWith('user-')),
        erasedInteractions: 2,
        userErrors: [],
      })),
      reassignment: () => null,
      reassignSemanticIds: noted('reassignSemanticIds', async (args) => ({
        changes: [{ itemId: 1, before: codesOf(1), after: [3, 3, 0] }],
        impact: { collisionsMade: [1], collisionsSolved: [], similarItemsChanged: [1, 2] },
        baseVersion: 7,
        catalogueVersion: args.dryRun ? null : 8,
        userErrors: [],
      })),
      undoReassignment: noted('undoReassignment', async (_catalogueVersion, dryRun) => ({
        changes: [{ itemId: 1, before: [3, 3, 0], after: codesOf(1) }],
        impact: { collisionsMade: [], collisionsSolved: [1], similarItemsChanged: [1, 2] },
        baseVersion: 8,
        catalogueVersion: dryRun ? null : 9,
        userErrors: [],
      })),
    },
    feedback: {
      listId: async (list) => JSON.stringify([list.placement, list.user, list.modelVersionId, list.armId]),
      record: noted('recordFeedback', async (feedback, { known }) => ({
        recorded: feedback.length,
        userErrors: known,
      })),
      dismissedItems: noted('dismissedItems', async (_userId, page) => pageOf(ITEMS.slice(4), page)),
      undoDismissals: noted('undoDismissals', async (_user, items) => ({ undone: items.length, userErrors: [] })),
      placements: noted('placements', async (_period, only) =>
        ['cart', 'home']
          .filter((name) => (only ?? name) === name)
          .map((name) => ({ name, figures: [figuresOf(1), figuresOf(null)] })),
      ),
      removePlacement: noted('removePlacement', async (name) => ({ removedName: name, userErrors: [] })),
    },
    placements: {
      names: async () => ['footer', 'home'],
      states: noted('states', async (_name, page) => pageOf([PLACEMENT_STATE], page)),
      warnings: noted('warnings', async (_name, _definition) => []),
      save: noted('savePlacement', async (_state, _options) => SAVED_PLACEMENT),
      restore: noted('restorePlacement', async (_name, _number, _savedBy) => SAVED_PLACEMENT),
    },
    experiments: {
      armFor: async (placement) =>
        placement === 'tested' ? { armId: 2, stateNumber: null, modelVersionId: MODEL.id } : null,
      experiment: async (id) => (id === EXPERIMENT.id ? EXPERIMENT : null),
      experiments: noted('experiments', async (page, _placement) => pageOf([EXPERIMENT], page)),
      figures: noted('figures', async (_id) => ({ arms: [armOf(1), armOf(2)], sampleRatioProbability: 0.002 })),
      start: noted('startExperiment', async (_experiment) => ({ experiment: EXPERIMENT, userErrors: [] })),
      promote: noted('promoteArm', async (_armId, _savedBy) => ({
        experiment: { ...EXPERIMENT, stoppedAt: DAY },
        placementState: PLACEMENT_STATE,
        userErrors: [],
      })),
      stop: noted('stopExperiment', async (_id) => ({
        experiment: { ...EXPERIMENT, stoppedAt: DAY },
        userErrors: [],
      })),
    },
    recommender: {
      because: noted('because', async (_subject, _args, itemIds) => {
        const because = [2, 1].map((itemId) => ({ itemId, drop: itemId, kind: 'PURCHASE' as const, at: DAY }));
        return new Map(itemIds.map((itemId) => [itemId, because]));
      }),
      kinds: () => KINDS.map((kind) => ({ kind, ...KIND_RULES[kind] })),
      recommend: noted('recommend', async ({ history, item }, args) => ({
        ...recommend(args),
        skippedItems: [...(history ?? []), ...(item == null ? [] : [item])].filter(
          (externalId) => !ITEMS.some((row) => row.externalId === externalId),
        ),
      })),
    },
    explanations: {
      formerState: noted('formerState', async (asOf) => ({
        ...{ time: asOf.time ?? DAY, catalogueVersion: 5, modelVersionId: MODEL.id, removedSince: [] },
      })),
      compareVersions: noted('compareVersions', async ({ users }) => ({
        ...{ users, overlap: 0.5, sameFirst: 0.25, meanShift: 1, mostChanged: [1] },
        active: { modelVersionId: MODEL.id, items: 5, share: 0.5 },
        other: { modelVersionId: MODEL.id, items: 4, share: 0.4 },
      })),
      whyNot: noted('whyNot', async (_subject, _args, externalId) =>
        externalId === 'nobody'
          ? null
          : {
              ...{
                itemId: 5,
                reasons: ['FILTER', 'BEAM'] as const,
                text: 'Both.',
                place: null,
                conditions: ['brands'],
              },
              ...{ score: -3, lastScore: -4, groupItemId: null, rank: async () => 12 },
              seen: { kind: 'PURCHASE' as const, at: DAY },
              beam: { level: 1, codes: codesOf(5).slice(0, 2), logProbability: -2, lastKept: -1 },
              wouldHelp: [{ change: 'WIDER_BEAM' as const, text: 'beamWidth 40 keeps it.' }],
            },
      ),
    },
    trainingJobs: {
      job: async (id) => (id === JOB.id ? JOB : null),
      jobs: noted('jobs', async (page, _status) => pageOf([JOB], page)),
      progress: async () => [PROGRESS],
      progressAfter: async (event) => (event < 42 ? [{ ...PROGRESS, event: 42 }] : []),
      newestEvent: async () => 42,
      presets: () => [{ name: 'tiny', purpose: 'To try things out.', maxItems: 512 }],
      curve: noted('curve', async (_jobId, _metric, points) => [{ step: points, value: 1 }]),
      start: noted('start', async (_args) => ({ job: JOB, userErrors: [] })),
      cancel: noted('cancel', async (_id) => ({ job: { ...JOB, status: 'CANCELLED' as const }, userErrors: [] })),
    },
    models: {
      live: async () => MODEL,
      former: async () => null,
      version: async (id) => (id === MODEL.id ? MODEL : null),
      versions: noted('versions', async (page) => pageOf([MODEL], page)),
      activationsAfter: async (version) => (version < 7 ? [{ catalogueVersion: 7, modelVersion: MODEL }] : []),
      activate: noted('activate', async (_id) => ({ modelVersion: MODEL, userErrors: [] })),
    },
    apiKeys: {
      create: noted('create', async (_name, _role, _expiresAt) => ({
        ...{ id: 5, secret: 'secret', apiKey: API_KEY, userErrors: [] },
      })),
      revoke: noted('revoke', async (_id) => ({ apiKey: API_KEY, userErrors: [] })),
      keys: noted('keys', async (page) => pageOf([API_KEY], page)),
      keyOf: async (secret) => KEY_ROLES.map(heldKey).find(({ role }) => KEYS[role] === secret) ?? null,
      isInUse: async (_id) => true,
    },
    audit: {
      enter: async (entry, run) => {
        const note = (outcome: string) => audited.push({ ...entry, outcome });
        try {
          const payload = await run();
          note(outcomeOf(payload));
          return payload;
        } catch (error) {
          note(codeOf(error));
          throw error;
        }
      },
      entries: noted('entries', async (page) => pageOf([AUDIT], page)),
      forgetUsers: noted('forgetUsers', async (_externalIds) => undefined),
    },
    createLoaders: (): Loaders => ({
      inTurn(key, read) {
        calls.push({ port: 'inTurn', args: key });
        return read();
      },
      item: async (id) => item(id),
      user: async (id) => user(id),
      semanticId: async (itemId) => ({ itemId, codes: codesOf(itemId) }),
      prefix,
      interactionCount: async () => 2,
      modelVersion: async (id) => (id === MODEL.id ? MODEL : null),
      trainingJob: async (id) => (id === JOB.id ? JOB : null),
      placementState: async (name) => (name === 'home' ? PLACEMENT_STATE : null),
      history: async (_userId, page) =>
        pageOf(
          [2, 1].map((itemId) => ({
            id: itemId,
            userId: 1,
            itemId,
            kind: 'PURCHASE' as const,
            rating: 4,
            occurredAt: DAY,
          })),
          page,
        ),
      clearAll: noted('clearAll', () => undefined),
    }),
  };
}

/** Items 3–6 in that order, whatever the arguments; the last is the item head's. */
function recommend({ first }: RecommendationArgs): RecommendationList {
  const recommendations = [3, 4, 5, 6].slice(0, first).map((itemId, index): RecommendationRecord => {
    const rank = index + 1;
    const scores = { score: -1.5 * rank, itemHeadScore: -1.25 * rank };
    if (itemId === 6)
      return { itemId, ...scores, source: 'ITEM_HEAD', decoderScore: null, codes: [], logProbabilities: [] };
    const codes = codesOf(itemId);
    const logProbabilities = codes.map(() => -0.5 * rank);
    return { itemId, ...scores, source: 'GENERATED', decoderScore: -1.5 * rank, codes, logProbabilities };
  });
  const page = { position: 0, hasNextPage: false, startCursor: null, endCursor: null, versionsChanged: false };
  const versions = { modelVersionId: MODEL.id, catalogueVersion: 7 };
  return {
    recommendations,
    ...versions,
    reason: 'MODEL',
    includesSeen: false,
    steeredBy: [],
    skippedItems: [],
    placementState: null,
    ...page,
  };
}

/** A cursor is the row's place. */
function pageOf<T>(rows: readonly T[], { first, after }: PageArgs): Page<T> {
  const start = after === null ? 0 : Number(after);
  const edges = rows.slice(start, start + first).map((node, index) => ({ node, cursor: String(start + index + 1) }));
  return { edges, hasNextPage: start + first < rows.length };
}

export function fakeAccess(readAccess: ReadAccess, tokens: Partial<TokenSettings> = {}): AccessParts {
  const none = { secret: undefined, jwksUrl: undefined, issuer: undefined, audience: undefined };
  return { readAccess: async () => readAccess, tokens: createStorefrontTokens({ ...none, ...tokens }) };
}

export interface FakeApp extends App {
  readonly services: FakeServices;
  /** The log's lines, as JSON. */
  readonly logLines: Record<string, unknown>[];
  readonly isStarted: () => boolean;
  readonly isDisposed: () => boolean;
}

/** An app on stand-ins, each of which a test may replace. */
export function createFakeApp(readAccess: ReadAccess = 'open', tokens: Partial<TokenSettings> = {}): FakeApp {
  const services = createFakeServices();
  const logLines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logLines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  let isStarted = false;
  let isDisposed = false;
  return {
    services,
    logLines,
    isStarted: () => isStarted,
    isDisposed: () => isDisposed,
    schema: buildTigerSchema(),
    logger: createLogger('info', stream),
    callerOf: (authorization) => callerOf(authorization, services.apiKeys, fakeAccess(readAccess, tokens)),
    contextFor: contextsOf(services),
    metrics: createMetrics(),
    expectedListWaitMs: () => 0,
    isCurrent: (caller) => createIsCurrent(services)(caller),
    start: async () => {
      isStarted = true;
    },
    live: () => true,
    ready: async () => ({ ready: true, reasons: [] }),
    dispose: async () => {
      isDisposed = true;
    },
  };
}

/** The defaults, on a free port of this machine only. @param limits - In place of those that no variable sets. */
export function testConfig(environment: NodeJS.ProcessEnv = {}, limits: Partial<Config['limits']> = {}): Config {
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', ...environment });
  return { ...config, limits: { ...config.limits, ...limits } };
}
