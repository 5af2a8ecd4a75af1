/** GraphQL over HTTP, by Apollo Server: it parses, validates and executes what the steps of a request have let in. */
import type { IncomingMessage, Server } from 'node:http';

import { ApolloServer, type ApolloServerPlugin, type HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import type { RequestHandler } from 'express';
import { type FormattedExecutionResult, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';

import type { Answers } from '../api/answers';
import { MAX_VALIDATION_ERRORS, type RequestLimits, validationRules } from '../api/limits';
import type { Config, Limits } from '../config';
import { asPublicError, PublicError } from '../errors';
import type { Logger } from '../logger';
import type { OperationContext } from './admission';
import { isFromOwnPage } from './own-names';
import { contextOf, requestSteps, type RequestStepParts } from './request-steps';

export function graphqlRoute(parts: RequestStepParts & { apollo: ApolloServer<OperationContext> }): RequestHandler[] {
  return [
    ...requestSteps(parts, ['GET', 'POST']),
    markOwnPages(parts.config),
    expressMiddleware(parts.apollo, { context: async ({ res }) => contextOf(res) }),
  ];
}

/**
 * Apollo refuses a GET without a header that a foreign page cannot set. A page of this server, such as one with urql, need not set it, and
 * browsers ask before they send a foreign page's key.
 */
function markOwnPages(config: Config): RequestHandler {
  return (request: IncomingMessage, _response, next) => {
    if (request.headers.authorization !== undefined || isFromOwnPage(request, config))
      request.headers['apollo-require-preflight'] ??= 'true';
    next();
  };
}

interface ApolloParts {
  readonly server: Server;
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly requestLimits: RequestLimits;
  readonly answers: Answers;
}

export function createApollo(parts: ApolloParts): ApolloServer<OperationContext> {
  const { server, schema, logger, limits, answers } = parts;
  return new ApolloServer<OperationContext>({
    schema,
    introspection: true,
    parseOptions: { maxTokens: limits.maxTokens },
    validationRules: validationRules(limits),
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    formatError: (_formatted, error) => answers.format(error),
    includeStacktraceInErrorResponses: false,
    // The caller of startServer decides what a signal does.
    stopOnTerminationSignals: false,
    logger,
    plugins: [
      operationPlugin(parts),
      ApolloServerPluginLandingPageDisabled(),
      // Else a subgraph times every field for whoever asks for it.
      ApolloServerPluginInlineTraceDisabled(),
      // Else it visits every field of an answer, although no answer may be cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: limits.shutdownGraceMs }),
    ],
  });
}

/** Checks the limits that depend on variables, sets the deadline, and counts and logs each operation. */
function operationPlugin({ limits, requestLimits, answers }: ApolloParts): ApolloServerPlugin<OperationContext> {
  return {
    /** graphql-js throws when it validates a subscription whose field a variable may leave out. Apollo would mask that. */
    async unexpectedErrorProcessingRequest({ requestContext: { document, request, operation }, error }) {
      if (!document || operation || !(error instanceof GraphQLError)) return;
      const isSubscription = getOperationAST(document, request.operationName)?.operation === 'subscription';
      throw isSubscription ? wrongProtocol() : asPublicError(error, 'GRAPHQL_VALIDATION_FAILED');
    },
    async requestDidStart({ request }) {
      const report = answers.start();
      // Clients send an empty name for an operation without one.
      if (request.operationName === '') request.operationName = undefined;
      return {
        async didResolveOperation({ document, operation, contextValue }) {
          if (!operation) return;
          if (operation.operation === 'subscription') throw wrongProtocol();
          requestLimits.check({ document, operation, variables: request.variables });
          if (operation.operation === 'query') contextValue.life.limit(limits.deadlineMs);
        },
        async willSendResponse({ response, operation, errors, contextValue }) {
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          for (const error of errors ?? []) mergeHead(response.http, answers.publicError(error).extensions.http);
          const finished = answers.finish(singleResult);
          response.body.singleResult = finished;
          if (isTooLarge(finished)) response.http.status = 400;
          report({ operation, errors: finished.errors, requestId: contextValue.requestId });
        },
      };
    },
  };
}

interface HttpHead {
  status?: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** Apollo takes the status and the headers of errors that already have them; those of a database come here. */
function mergeHead(target: { status?: number; headers: HeaderMap }, source: unknown): void {
  const { status, headers = new Map() } = (source ?? {}) as Partial<HttpHead>;
  if (status !== undefined) target.status = status;
  for (const [name, value] of headers) target.headers.set(name, value);
}

/** Whether an error stands in place of the whole answer. */
function isTooLarge({ data, errors = [] }: FormattedExecutionResult): boolean {
  return data === null && errors[0]?.extensions?.code === 'ANSWER_TOO_LARGE';
}

function wrongProtocol(): PublicError {
  return new PublicError(
    'BAD_REQUEST',
    'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql',
    400,
  );
}
