/** GraphQL over HTTP. Node's requests go to Apollo Server directly: the layers of Express take as long as a small operation. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import type { Span } from '@opentelemetry/api';
import cors from 'cors';
import { GraphQLError } from 'graphql';

import type { CallerRole } from '../../graphql/api-key/records';
import type { Context } from '../../graphql/context';
import type { OperationPipeline } from '../api/operation-pipeline';
import type { Config } from '../config';
import { CancelledError, createFormatError, OverloadedError, PublicError } from '../errors';
import { markFailed, tracedRequest } from '../tracing';
import { type Admission, OVERLOADED_MESSAGE, type Place } from './admission';
import { errorText, JSON_TYPE, sendError, sendText, type Step } from './answers';
import type { App } from './app';
import { authorizationOf } from './authorization';
import type { AddressOf } from './caller-address';
import type { CallerRate } from './caller-rate';
import { endStalled } from './connection-limits';
import { isFromOwnPage, isHostOwn } from './own-names';
import { Refusals } from './refusals';
import { type BodyExchange, bodyReader, type HttpError } from './request-body';
import { countHeaders } from './request-form';
import type { UnsentAnswers } from './unsent-answers';

const PATH = '/graphql';
const METHODS: readonly string[] = ['GET', 'POST'];

export interface GraphqlHttpParts {
  readonly app: App;
  readonly config: Config;
  readonly apollo: ApolloServer<Context>;
  readonly pipeline: OperationPipeline;
  readonly securityHeaders: Step;
  readonly admission: Admission;
  readonly rate: CallerRate;
  readonly unsent: UnsentAnswers;
  readonly addressOf: AddressOf;
}

/** Whether a request asks for `/graphql`. */
export function isGraphqlRequest({ url = '' }: IncomingMessage): boolean {
  return url === PATH || (url.startsWith(PATH) && /^\/?(\?|$)/.test(url.slice(PATH.length)));
}

/** How long a browser may remember that a page of another origin may ask. No browser remembers much longer: Chromium takes two hours. */
const PREFLIGHT_SECONDS = 7_200;

export function graphqlOverHttp(parts: GraphqlHttpParts): RequestListener {
  const answer = answering(parts);
  const refuseForeign = refuseForeignNames(parts.config);
  const allowOrigin = cors({
    origin: corsOrigin(parts.config.allowedOrigins),
    methods: [...METHODS],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_SECONDS,
  });
  const turnAway = turningAway(parts, allowOrigin);
  const begin = ({ request, response, place, arrivedAt }: Arrival) => {
    endStalled(response, parts.config);
    const exchange = { request, response, place, life: lifeOf(response) };
    const fail = (error: unknown) => answerUnreadable(parts.app, response, error);
    const start = () => void tracedExchange(request, response, arrivedAt, () => answer(exchange).catch(fail));
    parts.securityHeaders(request, response, () =>
      // A page reads a refusal only when it may read answers, and a browser asks first, without the key.
      allowOrigin(request, response, () => refuseForeign(request, response, start)),
    );
  };
  return (request, response) => {
    const place = parts.admission.enter(parts.addressOf(request));
    if (place === null) return turnAway(request, response);
    const arrival = { request, response, place, arrivedAt: Date.now() };
    response.once('close', () => place.leave());
    // All that takes memory is made after the wait: what hundreds of waiting requests hold, the garbage collector copies again and again.
    place.start().then(
      () => begin(arrival),
      () => undefined, // the client has left
    );
  };
}

/** @returns A function that refuses a request which may not come in. It looks at as little of it as possible. */
function turningAway({ app, admission }: GraphqlHttpParts, allowOrigin: Step): RequestListener {
  const refusals = new Refusals();
  return (request, response) => {
    app.metrics.refused();
    const refuseNow = () => refuse(response);
    const refuseSoon = admission.isLoopBound ? () => refusals.add(refuseNow) : refuseNow;
    // Node makes `request.headers` when somebody asks for it.
    if (countHeaders('origin', request.rawHeaders) === 0) return refuseSoon();
    allowOrigin(request, response, refuseSoon);
  };
}

/** A request that was let in. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
}

/** @returns What is aborted when the client goes. */
function lifeOf(response: ServerResponse): AbortController {
  const life = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) life.abort(new CancelledError());
  });
  return life;
}

/** The answer's status is known when `answer` has ended. */
function tracedExchange(
  request: IncomingMessage,
  response: ServerResponse,
  arrivedAt: number,
  answer: () => Promise<void>,
): Promise<void> {
  const { method, headers } = request;
  const work = async (span: Span) => {
    await answer();
    const { statusCode } = response;
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500) markFailed(span, `status ${statusCode}`);
  };
  const attributes = { 'http.request.method': method, 'http.route': PATH };
  return tracedRequest(`${method} ${PATH}`, headers, work, { attributes, startTime: arrivedAt });
}

/** Node sends a text together with the head, in one call of the system. */
const REFUSAL = errorText('OVERLOADED', OVERLOADED_MESSAGE, { retryAfterSeconds: 1 });
const REFUSAL_HEADERS = {
  'content-type': JSON_TYPE,
  'content-length': REFUSAL.length,
  'cache-control': 'no-store',
  'retry-after': '1',
};

/** Costs as little as possible: in times of overload there are many of these. */
function refuse(response: ServerResponse): void {
  response.writeHead(503, REFUSAL_HEADERS).end(REFUSAL);
}

interface Exchange extends BodyExchange {
  /** Aborted when the client goes. */
  readonly life: AbortController;
}

/** Who may send long bodies. */
const WRITERS: ReadonlySet<CallerRole> = new Set(['WRITER', 'ADMIN']);

/** @returns A function that answers one request: who asks decides how much of the body is read. */
function answering({ apollo, pipeline, rate, unsent, addressOf, config }: GraphqlHttpParts) {
  const { maxBodyBytes, maxReaderBodyBytes } = config.limits;
  const forReader = bodyReader(Math.min(maxBodyBytes, maxReaderBodyBytes));
  const forWriter = bodyReader(maxBodyBytes);
  return async (exchange: Exchange): Promise<void> => {
    const { request, response, life } = exchange;
    checkMethod(request);
    const address = addressOf(request);
    const context = await settled(authorise(request, pipeline, life, address));
    const caller = context.status === 'fulfilled' ? context.value.caller : null;
    rate.spend(caller, address);
    await (caller !== null && WRITERS.has(caller.role) ? forWriter : forReader)(exchange);
    // Node tells of a socket that the server itself has ended only later.
    if (request.socket.destroyed) throw new CancelledError();
    const reply = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: httpRequestOf(request, config),
      context: async () => {
        response.setHeader('cache-control', 'no-store');
        if (context.status === 'rejected') throw context.reason;
        response.setHeader('x-request-id', context.value.requestId);
        return context.value;
      },
    });
    // Nobody would say that it has been sent.
    if (response.destroyed) return;
    send(response, reply, unsent, address);
  };
}

/** Apollo would speak of forged requests first. */
function checkMethod({ method = '', headers: { origin } }: IncomingMessage): void {
  if (METHODS.includes(method)) return;
  // A browser asks for a page whether it may.
  if (method === 'OPTIONS' && origin !== undefined) throw foreignPage(origin);
  const message = `method: expected GET or POST, got ${method}`;
  throw new PublicError('BAD_REQUEST', message, 405, { allow: METHODS.join(', ') });
}

function foreignPage(origin: string): PublicError {
  const message = `origin: expected a page of this server, got ${JSON.stringify(origin)}; add it to ALLOWED_ORIGINS`;
  return new PublicError('FORBIDDEN', message, 403);
}

async function authorise(
  request: IncomingMessage,
  pipeline: OperationPipeline,
  life: AbortController,
  address: string,
) {
  return pipeline.authorise(authorizationOf(request), life, address);
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  return (await Promise.allSettled([promise]))[0];
}

function httpRequestOf(request: Exchange['request'], config: Config) {
  const { method = '', url = '', body } = request;
  const query = url.indexOf('?');
  return { method, headers: headersOf(request, config), search: query < 0 ? '' : url.slice(query), body };
}

function headersOf(request: IncomingMessage, config: Config): HeaderMap {
  const map = new HeaderMap();
  for (const name in request.headers) map.set(name, String(request.headers[name]));
  // Apollo wants a header that foreign pages cannot set. urql's GET requests have none, but the browser says where they come from.
  if (isFromOwnPage(request, config)) map.set('apollo-require-preflight', 'true');
  return map;
}

/** A page that got its own name to point here (DNS rebinding) has no key, so those who have one may use any name. */
export function refuseForeignNames(config: Config): Step {
  return (request, response, next) => {
    if (request.headers.authorization !== undefined || isHostOwn(request, config)) return next();
    sendError(response, 403, 'FORBIDDEN', foreignName(request.headers.host));
  };
}

function foreignName(host: string | undefined): string {
  // An operator reads this first when the server gets its public name.
  const advice = `set PUBLIC_URL to the server's public origin, such as https://${host}`;
  return `host: expected a name of this server, got ${JSON.stringify(host)}; send a key, or ${advice}`;
}

function send(
  response: ServerResponse,
  { status = 200, headers, body }: HTTPGraphQLResponse,
  unsent: UnsentAnswers,
  caller: string,
): void {
  // Apollo answers in parts only when an operation has @defer, and the schema has no such directive.
  if (body.kind !== 'complete') throw new Error(`answer: expected a complete one, got ${body.kind}`);
  if (!unsent.mayAdd(caller, body.string)) return refuse(response);
  response.once('close', unsent.add(caller, body.string));
  for (const [name, value] of headers) response.setHeader(name, value);
  sendText(response, status, body.string);
}

/**
 * Answers a request that does not reach Apollo, such as one whose body is too long or is not JSON. The answer has the form of a GraphQL
 * error.
 */
export function answerUnreadable(app: Pick<App, 'logger'>, response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  if (error instanceof OverloadedError) return refuse(response);
  if (error instanceof GraphQLError && error.extensions.http !== undefined) return answerPublic(response, error);
  const { status = 500, message } = error as HttpError;
  if (status < 500)
    return sendError(response, status, 'BAD_REQUEST', `request: expected one that can be answered, got ${message}`);
  const masked = createFormatError(app.logger)({ message: '' }, error);
  sendError(response, status, 'INTERNAL_SERVER_ERROR', masked.message, { errorId: masked.extensions?.errorId });
}

function answerPublic(response: ServerResponse, { message, extensions }: GraphQLError): void {
  const { code, http, ...facts } = extensions;
  const { status, headers } = http as { status: number; headers: ReadonlyMap<string, string> };
  for (const [name, value] of headers) response.setHeader(name, value);
  sendError(response, status, String(code), message, facts);
}

function corsOrigin(allowed: readonly string[]): string | string[] | false {
  if (allowed.includes('*')) return '*';
  return allowed.length > 0 ? [...allowed] : false;
}
