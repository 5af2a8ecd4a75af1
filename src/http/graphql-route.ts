/** The way of a request to Apollo Server: whose page sent it, who asks, whether there is room, what its body says. */
import type { IncomingMessage } from 'node:http';

import type { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import cors from 'cors';
import { json, type Request, type RequestHandler, type Response } from 'express';

import type { CallerRole } from '../../graphql/api-key/records';
import { createLife } from '../api/deadline';
import type { Config } from '../config';
import { PublicError } from '../errors';
import { markFailed, tracedRequest } from '../tracing';
import { authorizationOf } from './access';
import { OVERLOADED_MESSAGE, Refusal } from './admission';
import { wrongProtocol } from './apollo';
import type { AddressOf } from './caller-address';
import type { Entry, OperationContext } from './entry';
import { isFromOwnPage, isHostOwn } from './own-names';

const METHODS = ['GET', 'POST'];
/** How long a browser may remember that a page of another origin may ask. No browser remembers much longer: Chromium takes two hours. */
const PREFLIGHT_SECONDS = 7_200;

export interface GraphqlRouteParts {
  readonly config: Config;
  readonly apollo: ApolloServer<OperationContext>;
  readonly entry: Entry;
  readonly addressOf: AddressOf;
  /** Steps that an answer needs and a refusal does not. */
  readonly afterAdmission: readonly RequestHandler[];
}

export function graphqlRoute({
  config,
  apollo,
  entry,
  addressOf,
  afterAdmission,
}: GraphqlRouteParts): RequestHandler[] {
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
    admit(entry, addressOf),
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

/** A page that got its own name to point here (DNS rebinding) has no key, so those who have one may use any name. */
export function refuseForeignNames(config: Config): RequestHandler {
  return (request, _response, next) => {
    if (request.headers.authorization !== undefined || isHostOwn(request, config)) return next();
    const { host } = request.headers;
    // An operator reads this first when the server gets its public name.
    const advice = `set PUBLIC_URL to the server's public origin, such as https://${host}`;
    const message = `host: expected a name of this server, got ${JSON.stringify(host)}; send a key, or ${advice}`;
    throw new PublicError('FORBIDDEN', message, 403);
  };
}

/** Apollo would speak of forged requests first. */
const checkMethod: RequestHandler = ({ method }, _response, next) => {
  if (METHODS.includes(method)) return next();
  const message = `method: expected GET or POST, got ${method}`;
  throw new PublicError('BAD_REQUEST', message, 405, { allow: METHODS.join(', ') });
};

/** Lets the operation in before anything of its body is read. */
function admit(entry: Entry, addressOf: AddressOf): RequestHandler {
  return async (request, response, next) => {
    const life = createLife();
    response.once('close', () => (response.writableFinished ? life.end() : life.cancel()));
    response.setHeader('cache-control', 'no-store');
    const entered = await entry.enter(() => authorizationOf(request), addressOf(request), life);
    if (entered instanceof Refusal) return refuse(request, response, entered);
    const { context, leave } = entered;
    if (response.closed) return leave();
    response.once('close', leave);
    response.setHeader('x-request-id', context.requestId);
    response.locals.context = context;
    next();
  };
}

/** The type of a refusal, as Apollo chooses it for all other answers: some clients read errors out of the newer type alone. */
export function answerTypeOf(request: Request): string {
  const type = request.accepts(['application/json', 'application/graphql-response+json']) || 'application/json';
  return `${type}; charset=utf-8`;
}

/** Written past Express: in an overload there are many of these, and what they cost is not served. */
function refuse(request: Request, response: Response, refusal: Refusal): void {
  const { retryAfterSeconds } = refusal;
  const body = JSON.stringify({
    errors: [{ message: OVERLOADED_MESSAGE, extensions: { code: 'OVERLOADED', retryAfterSeconds } }],
  });
  response
    .writeHead(503, {
      'content-type': answerTypeOf(request),
      'content-length': Buffer.byteLength(body),
      'retry-after': String(retryAfterSeconds),
    })
    .end(body);
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
  // graphql-js throws when it validates a subscription whose field may be left out by a variable.
  const { query } = Object(body) as { query?: unknown };
  return typeof query === 'string' && /(^|\})\s*subscription\b/.test(query) ? wrongProtocol() : undefined;
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
