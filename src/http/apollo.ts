/** GraphQL over HTTP: Apollo Server parses, validates and executes. */
import type { Server } from 'node:http';

import type { HeaderMap } from '@apollo/server';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { Span } from '@opentelemetry/api';
import type { FormattedExecutionResult, GraphQLSchema } from 'graphql';

import type { Answers } from '../api/answers';
import { type RequestLimits, validationRules } from '../api/limits';
import type { Limits } from '../config';
import { PublicError } from '../errors';
import type { Logger } from '../logger';
import { markFailed, startSpan } from '../tracing';
import type { OperationContext } from './entry';

/** One unknown directive a thousand times must not make a thousand errors. */
export const MAX_VALIDATION_ERRORS = 5;

export interface ApolloParts {
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
      // Else it visits every field of an answer, although no answer may be cached.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: limits.shutdownGraceMs }),
    ],
  });
}

/** Checks the limits that depend on variables, sets the deadline, and counts and logs each operation. */
function operationPlugin({ limits, requestLimits, answers }: ApolloParts): ApolloServerPlugin<OperationContext> {
  return {
    async requestDidStart({ request }) {
      const report = answers.start();
      let span: Span | undefined;
      // Clients send an empty name for an operation without one.
      if (request.operationName === '') request.operationName = undefined;
      return {
        async didResolveOperation({ document, operation, contextValue }) {
          if (!operation) return;
          if (operation.operation === 'subscription') throw wrongProtocol();
          requestLimits.check({ document, operation, variables: request.variables });
          if (operation.operation === 'query') contextValue.life.limit(limits.deadlineMs);
        },
        async executionDidStart({ operation, contextValue: { requestId } }) {
          span = startSpan(`${operation?.operation ?? 'query'} ${operation?.name?.value ?? ''}`.trim(), { requestId });
        },
        async willSendResponse({ response, operation, errors, contextValue }) {
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          for (const error of errors ?? []) mergeHead(response.http, answers.publicError(error).extensions.http);
          const finished = answers.finish(singleResult, contextValue);
          response.body.singleResult = finished;
          if (isTooLarge(finished)) response.http.status = 400;
          if (span && finished.errors?.[0]) markFailed(span, String(finished.errors[0].extensions?.code));
          span?.end();
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

export function wrongProtocol(): PublicError {
  return new PublicError(
    'BAD_REQUEST',
    'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql',
    400,
  );
}
