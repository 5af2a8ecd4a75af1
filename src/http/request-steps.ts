/** The steps of a request for an operation: whose page sent it, who asks, whether there is room, what its body says. */
import cors from 'cors';
import { json, type Request, type RequestHandler, type Response } from 'express';

import type { CallerRole } from '../../graphql/api-key/records';
import type { Answers, Refusal } from '../api/answers';
import { createLife } from '../api/deadline';
import type { Config } from '../config';
import { PublicError } from '../errors';
import type { Admission, OperationContext } from './admission';
import type { AddressOf } from './caller-address';
import { refuseForeignNames } from './own-names';

/** How long a browser may remember that a page of another origin may ask. No browser remembers much longer: Chromium takes two hours. */
const PREFLIGHT_SECONDS = 7_200;

export interface RequestStepParts {
  readonly config: Config;
  readonly admission: Admission;
  readonly answers: Answers;
  readonly addressOf: AddressOf;
  /** Steps that an answer needs and a refusal does not. */
  readonly afterAdmission: readonly RequestHandler[];
}

/** @returns The steps of a request that runs operations. Behind them, `contextOf` and the body are there. */
export function requestSteps(parts: RequestStepParts, methods: readonly string[]): RequestHandler[] {
  const { config, afterAdmission } = parts;
  const { allowedOrigins, limits } = config;
  const allowOrigin = cors({
    origin: allowedOrigins.includes('*') ? '*' : allowedOrigins.length > 0 && [...allowedOrigins],
    methods: [...methods],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_SECONDS,
  });
  return [
    // In an overload most requests end at the admission, so only what a refusal needs comes before it.
    (request, response, next) => (request.headers.origin === undefined ? next() : allowOrigin(request, response, next)),
    refuseForeignNames(config),
    checkMethod(methods),
    admit(parts),
    ...afterAdmission,
    readBody(limits),
  ];
}

export function contextOf({ locals }: Response): OperationContext {
  return (locals as { context: OperationContext }).context;
}

/** Apollo would speak of forged requests first. */
function checkMethod(methods: readonly string[]): RequestHandler {
  return ({ method }, _response, next) => {
    if (methods.includes(method)) return next();
    const message = `method: expected ${methods.join(' or ')}, got ${method}`;
    throw new PublicError('BAD_REQUEST', message, 405, { allow: methods.join(', ') });
  };
}

/** Lets the operation in before anything of its body is read. */
function admit({ admission, answers, addressOf }: RequestStepParts): RequestHandler {
  return async (request, response, next) => {
    const life = createLife();
    response.once('close', () => (response.writableFinished ? life.end() : life.cancel()));
    response.setHeader('cache-control', 'no-store');
    try {
      const { context, leave } = await admission.enter(() => request.headers.authorization, addressOf(request), life);
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
