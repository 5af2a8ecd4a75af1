/** GraphQL over HTTP. Node's requests go to Apollo Server directly: the layers of Express take as long as a small operation. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import cors from 'cors';
import { json } from 'express';

import type { Context } from '../../graphql/context';
import type { OperationPipeline } from '../api/operation-pipeline';
import type { Config } from '../config';
import type { App } from './app';
import { isFromOwnPage, isHostOwn } from './own-names';

const PATH = '/graphql';

/** A middleware as Connect defines it: it works with Node's own request and response. */
export type Step = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export interface GraphqlHttpParts {
  readonly app: App;
  readonly config: Config;
  readonly apollo: ApolloServer<Context>;
  readonly pipeline: OperationPipeline;
  readonly securityHeaders: Step;
}

/** Whether a request asks for `/graphql`. */
export function isGraphqlRequest({ url = '' }: IncomingMessage): boolean {
  return url === PATH || (url.startsWith(PATH) && /^\/?(\?|$)/.test(url.slice(PATH.length)));
}

export function graphqlOverHttp(parts: GraphqlHttpParts): RequestListener {
  const { app, securityHeaders } = parts;
  const { config } = parts;
  const { allowedOrigins, limits } = config;
  const steps: readonly Step[] = [
    securityHeaders,
    refuseForeignNames(config),
    cors({ origin: corsOrigin(allowedOrigins), exposedHeaders: ['x-request-id', 'retry-after'], maxAge: 600 }),
    json({ limit: limits.maxBodyBytes }) as Step,
    (request, response, next) => void answer(parts, request, response).catch(next),
  ];
  return (request, response) => run(steps, request, response, (error) => answerUnreadable(app, response, error));
}

function run(
  [step, ...rest]: readonly Step[],
  request: IncomingMessage,
  response: ServerResponse,
  fail: (error: unknown) => void,
): void {
  step(request, response, (error) => (error === undefined ? run(rest, request, response, fail) : fail(error)));
}

async function answer(
  { apollo, pipeline, config }: GraphqlHttpParts,
  request: IncomingMessage & { readonly body?: unknown },
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '', headers, body } = request;
  const query = url.indexOf('?');
  const reply = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method,
      headers: headersOf(request, config),
      search: query < 0 ? '' : url.slice(query),
      body,
    },
    context: async () => {
      response.setHeader('cache-control', 'no-store');
      const context = await pipeline.authorise(headers.authorization);
      response.setHeader('x-request-id', context.requestId);
      return context;
    },
  });
  send(response, reply);
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
    const message = `host: expected a name of this server, got ${JSON.stringify(request.headers.host)}; set PUBLIC_URL`;
    sendError(response, 403, 'FORBIDDEN', message);
  };
}

function send(response: ServerResponse, { status = 200, headers, body }: HTTPGraphQLResponse): void {
  // Apollo answers in parts only when an operation has @defer, and the schema has no such directive.
  if (body.kind !== 'complete') throw new Error(`answer: expected a complete one, got ${body.kind}`);
  for (const [name, value] of headers) response.setHeader(name, value);
  sendText(response, status, body.string);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

/** Answers a request whose body is too long or is not JSON. It does not reach Apollo; the answer has the form of a GraphQL error. */
export function answerUnreadable(app: App, response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { status = 500, message } = error as { readonly status?: number; readonly message?: string };
  if (status >= 500) app.logger.error({ err: error }, 'The request failed before it was read.');
  const [code, text] =
    status < 500
      ? ['BAD_REQUEST', `body: expected JSON, got ${message}`]
      : ['INTERNAL_SERVER_ERROR', 'Something went wrong.'];
  sendError(response, status, code, text);
}

/** Answers as GraphQL does, without an operation. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  sendText(response, status, JSON.stringify({ errors: [{ message, extensions: { code } }] }));
}

function corsOrigin(allowed: readonly string[]): string | string[] | false {
  if (allowed.includes('*')) return '*';
  return allowed.length > 0 ? [...allowed] : false;
}
