/** The GraphQL client: queries and mutations over HTTP, subscriptions over the page's WebSocket, one cache of nodes. */
import { type Cache, cacheExchange } from '@urql/exchange-graphcache';
import type { Client as SocketClient } from 'graphql-ws';
import {
  Client,
  type CombinedError,
  type Exchange,
  fetchExchange,
  mapExchange,
  type Operation,
  type OperationResult,
  type OperationType,
  subscriptionExchange,
} from 'urql';
import { filter, makeSubject, map, merge, pipe, tap } from 'wonka';

import { authorizationOf } from './key-store';
import { subscribeOn } from './socket';

export interface ClientParts {
  readonly key: string | null;
  readonly socket: SocketClient;
  readonly refetch: Exchange;
  /** Called when the server refuses the key, or wants one, with what it was asked for. */
  readonly onRefused: (kind: OperationType) => void;
}

export function createClient({ key, socket, refetch, onRefused }: ClientParts): Client {
  const authorization = authorizationOf(key);
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetchOptions: { headers: authorization === undefined ? {} : { authorization } },
    exchanges: [
      refetch,
      standingFailures,
      mapExchange({
        onError({ graphQLErrors }, { kind }) {
          if (graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) onRefused(kind);
        },
        onResult: withoutPartialData,
      }),
      cacheExchange({ keys: KEYS, updates: UPDATES }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: subscribeOn(
              socket,
              { query, variables: variables as Record<string, unknown> },
              {
                ...sink,
                next: (result) => sink.next({ ...result, data: result.data ?? undefined } as never),
              },
            ),
          }),
        }),
      }),
    ],
  });
}

/** A part of an answer that failed is null in it, and would look as if the shop had no such thing: the error stands for the whole. */
function withoutPartialData(result: OperationResult): OperationResult {
  const isPartial = result.operation.kind === 'query' && (result.error?.graphQLErrors.length ?? 0) > 0;
  return isPartial ? { ...result, data: undefined } : result;
}

const embedded = () => null;

/** Types that are told apart by something else than an `id`, and those that belong to what they stand in. */
const KEYS = {
  AuditEntry: embedded,
  Catalogue: () => 'catalogue',
  CatalogueChange: embedded,
  CodeStep: embedded,
  CodebookLevel: embedded,
  CollisionReport: embedded,
  FacetValue: embedded,
  Interaction: embedded,
  ItemFacets: embedded,
  Metric: embedded,
  MetricPoint: embedded,
  ReassignmentProgress: embedded,
  Recommendation: embedded,
  SemanticId: embedded,
  SemanticIdPrefix: embedded,
  TrainingProgress: embedded,
  UserError: embedded,
  Viewer: embedded,
};

/** Fields that these mutations change besides the nodes in their answers. */
const OUTDATED = ['catalogue', 'items'];
/** Where nothing had an ID, something may have it now. */
const UNKNOWN = ['item', 'user'];
/** Fields that name users or count what they did. */
const OF_USERS = ['user', 'users', 'item', 'items', 'node', 'nodes'];

function outdate(cache: Cache, isOutdated: (fieldName: string, fieldKey: string) => boolean): void {
  for (const { fieldName, fieldKey } of cache.inspectFields('Query')) {
    if (OUTDATED.includes(fieldName) || isOutdated(fieldName, fieldKey)) cache.invalidate('Query', fieldKey);
  }
}

const UPDATES = {
  Mutation: {
    ...Object.fromEntries(
      ['upsertItems', 'removeItems', 'restoreItems', 'updateItems', 'recordInteractions'].map((name) => [
        name,
        (_result: unknown, _args: unknown, cache: Cache) =>
          outdate(cache, (field, key) => UNKNOWN.includes(field) && cache.resolve('Query', key) === null),
      ]),
    ),
    eraseUsers: (_result: unknown, _args: unknown, cache: Cache) => outdate(cache, (field) => OF_USERS.includes(field)),
  },
};

/** Adds an error to a result from the cache, when the same query has failed since that result was stored. */
const standingFailures: Exchange = ({ forward }) => {
  const failures = new Map<number, CombinedError>();
  const withFailure = (result: OperationResult): OperationResult => {
    const { key, kind, context } = result.operation;
    if (kind !== 'query') return result;
    if (result.error) failures.set(key, result.error);
    else if (context.meta?.cacheOutcome === 'hit') return { ...result, error: failures.get(key) };
    else failures.delete(key);
    return result;
  };
  return (operations) =>
    pipe(
      operations,
      tap(({ kind, key }) => kind === 'teardown' && failures.delete(key)),
      forward,
      map(withFailure),
    );
};

export interface Refetch {
  readonly exchange: Exchange;
  /** Asks anew for every query that some component shows now. */
  refetch(): void;
}

export function createRefetch(): Refetch {
  const shown = new Map<number, Operation>();
  const { source, next } = makeSubject<Operation>();
  let refetch = () => {};
  const exchange: Exchange = ({ client, forward }) => {
    refetch = () => {
      for (const operation of shown.values()) {
        const context = { ...operation.context, requestPolicy: 'network-only' as const };
        next({ ...client.createRequestOperation('query', operation, context), key: operation.key });
      }
    };
    return (operations) => {
      const noted = pipe(
        operations,
        tap((operation) => {
          if (operation.kind === 'query') shown.set(operation.key, operation);
          else if (operation.kind === 'teardown') shown.delete(operation.key);
        }),
      );
      const again = pipe(
        source,
        filter(({ key }) => shown.has(key)),
      );
      return forward(merge([noted, again]));
    };
  };
  return { exchange, refetch: () => refetch() };
}
