/** GraphQL over HTTP: whose page sent a request, who asks, whether there is room, what its body says. Apollo Server does the rest. */
import type { IncomingMessage, Server } from 'node:http';

import { ApolloServer, type ApolloServerPlugin, type HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import type { Span } from '@opentelemetry/api';
import cors from 'cors';
import { json, type Request, type RequestHandler, type Response } from 'express';
import { type FormattedExecutionResult, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';

import type { CallerRole } from '../../graphql/api-key/records';
import type { Answers, Refusal } from '../api/answers';
import { createLife } from '../api/deadline';
import { MAX_VALIDATION_ERRORS, type RequestLimits, validationRules } from '../api/limits';
import type { Config, Limits } from '../config';
import { asPublicError, PublicError } from '../errors';
import type { Logger } from '../logger';
import { markFailed, startSpan, tracedRequest } from '../tracing';
import { authorizationOf } from './access';
import type { Admission, OperationContext } from './admission';
import type { AddressOf } from './caller-address';
import { isFromOwnPage, refuseForeignNames } from './own-names';

const METHODS = ['GET', 'POST'];
/** How long a browser may remember that a page of another origin may ask. No browser remembers much longer: Chromium takes two hours. */
const PREFLIGHT_SECONDS = 7_200;

export interface GraphqlRouteParts {
  readonly config: Config;
  readonly apollo: ApolloServer<OperationContext>;
  readonly admission: Admission;
  readonly answers: Answers;
  readonly addressOf: AddressOf;
  /** Steps that an answer needs and a refusal does not. */
  readonly afterAdmission: readonly RequestHandler[];
}

export function graphqlRoute(parts: GraphqlRouteParts): RequestHandler[] {
  const { config, apollo, afterAdmission } = parts;
  const { allowedOrigins, limits } = config;
  const allowOrigin = cors({
    origin: allowedOrigins.includes('*') ? '*' : allowedOrigins.length > 0 && [...allowedOrigins],
    methods: METHODS,
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_SECONDS,
  });
  return [
    // In an overload most requests end at the admission, so only what a refusal needs comes before it.
    (request, response, next) => (request.headers.origin === undefined ? next() : allowOrigin(request, response, next)),
    refuseForeignNames(config),
    checkMethod,
    admit(parts),
    traceRequest,
    ...afterAdmission,
    readBody(limits),
    markOwnPages(config),
    expressMiddleware(apollo, { context: async ({ res }) => contextOf(res) }),
  ];
}

function contextOf({ locals }: Response): OperationContext {
  return (locals as { context: OperationContext }).context;
}

const traceRequest: RequestHandler = (request, response, next) => {
  const { method, headers } = request;
  const attributes = { 'http.request.method': method, 'http.route': '/graphql' };
  void tracedRequest(
    `${method} /graphql`,
    headers,
    async (span) => {
      const closed = new Promise((resolve) => response.once('close', resolve));
      next();
      await closed;
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) markFailed(span, `status ${response.statusCode}`);
    },
    { attributes },
  );
};

/** Apollo would speak of forged requests first. */
const checkMethod: RequestHandler = ({ method }, _response, next) => {
  if (METHODS.includes(method)) return next();
  const message = `method: expected GET or POST, got ${method}`;
  throw new PublicError('BAD_REQUEST', message, 405, { allow: METHODS.join(', ') });
};

/** Lets the operation in before anything of its body is read. */
function admit({ admission, answers, addressOf }: GraphqlRouteParts): RequestHandler {
  return async (request, response, next) => {
    const life = createLife();
    response.once('close', () => (response.writableFinished ? life.end() : life.cancel()));
    response.setHeader('cache-control', 'no-store');
    try {
      const { context, leave } = await admission.enter(() => authorizationOf(request), addressOf(request), life);
      if (response.closed) return leave();
      response.once('close', leave);
      response.setHeader('x-request-id', context.requestId);
      response.locals.context = context;
    } catch (error) {
      return refuse(request, response, answers.refusal(error));
    }
    next();
  };
}

/**
 * Answers a request that does not reach Apollo, in the type that Apollo would choose: some clients read errors out of the newer type alone.
 * Written past Express: in an overload there are many of these, and what they cost is not served.
 */
export function refuse(request: Request, response: Response, { status, headers, body }: Refusal): void {
  const type = request.accepts(['application/json', 'application/graphql-response+json']) || 'application/json';
  response.writeHead(status, { ...headers, 'Content-Type': `${type}; charset=utf-8` }).end(body);
}

/** Callers who may send long bodies. */
const WRITERS: ReadonlySet<CallerRole> = new Set(['WRITER', 'ADMIN']);

function readBody({ maxBodyBytes, maxReaderBodyBytes }: Config['limits']): RequestHandler {
  const forWriters = { read: json({ limit: maxBodyBytes }), limit: maxBodyBytes };
  const readerLimit = Math.min(maxBodyBytes, maxReaderBodyBytes);
  const forReaders = { read: json({ limit: readerLimit }), limit: readerLimit };
  return (request, response, next) => {
    const { read, limit } = WRITERS.has(contextOf(response).role) ? forWriters : forReaders;
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(bodyFault(error, limit));
      next(request.method === 'POST' ? contentFault(request) : undefined);
    });
  };
}

/** The errors of `express.json`. */
interface BodyError {
  readonly status?: number;
  readonly message?: string;
  readonly type?: string;
}

function bodyFault(error: unknown, limit: number): unknown {
  const { status = 500, message, type } = error as BodyError;
  if (type === 'entity.too.large')
    return new PublicError('BAD_REQUEST', `body: expected at most ${limit} bytes, got more`, 413);
  return status < 500 ? new PublicError('BAD_REQUEST', `body: expected JSON, got ${message}`, status) : error;
}

/** `express.json` says nothing of a body that it does not understand. */
function contentFault({ headers, body }: Request): PublicError | undefined {
  const { 'content-type': type, 'content-length': length, 'transfer-encoding': encoding } = headers;
  if ((length ?? '0') === '0' && encoding === undefined)
    return new PublicError('BAD_REQUEST', 'body: expected JSON, got nothing', 400);
  if (body === undefined) {
    const got = type === undefined ? 'none' : JSON.stringify(type);
    return new PublicError('BAD_REQUEST', `content-type: expected application/json, got ${got}`, 415);
  }
  return undefined;
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
          const finished = answers.finish(singleResult);
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

function wrongProtocol(): PublicError {
  return new PublicError(
    'BAD_REQUEST',
    'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql',
    400,
  );
}
