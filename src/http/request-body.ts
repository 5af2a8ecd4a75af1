/** Reads the JSON bodies of requests. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

import { json } from 'express';

import { OverloadedError, PublicError } from '../errors';
import { OVERLOADED_MESSAGE, type Place } from './admission';
import type { Step } from './answers';

export interface BodyExchange {
  /** Gets the body. */
  readonly request: IncomingMessage & { readonly body?: unknown };
  readonly response: ServerResponse;
  readonly place: Place;
}

/** As the middlewares of Express throw them. */
export interface HttpError {
  readonly status?: number;
  readonly message?: string;
  /** Only readers of bodies give one. */
  readonly type?: string;
}

/**
 * @returns A function that reads a body of at most `limit` bytes into `request.body`. An operation whose body has to be waited for waits
 *   for its turn again.
 */
export function bodyReader(limit: number) {
  const read = wholeReader(limit);
  return async ({ request, response, place }: BodyExchange): Promise<void> => {
    if (request.method !== 'POST') return;
    const { 'content-length': length, 'content-encoding': encoding } = request.headers;
    if (isEmpty(request)) throw new PublicError('BAD_REQUEST', 'body: expected JSON, got nothing', 400);
    if (Number(length) > limit) throw tooLong(limit);
    // What lies here already takes neither time nor more memory.
    if (request.complete && encoding === undefined) return read(request, response);
    const bytes = length === undefined || encoding !== undefined ? limit : Number(length);
    if (!place.read(bytes)) throw new OverloadedError(OVERLOADED_MESSAGE);
    await read(request, response);
    await place.start();
  };
}

function wholeReader(limit: number) {
  const read = json({ limit }) as Step;
  warm(read);
  return async (request: BodyExchange['request'], response: ServerResponse): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      read(request, response, (error) => (error === undefined ? resolve() : reject(bodyFault(error, limit))));
      whenLonger(request, limit, () => reject(tooLong(limit)));
    });
    if (request.body === undefined) throw otherType(request);
  };
}

/** With its first body it loads its tables of characters, which fails while so many connections are open that no file can be opened. */
function warm(read: Step): void {
  const request = Object.assign(Readable.from(['{}']), {
    headers: { 'content-type': 'application/json', 'content-length': '2' },
  });
  read(request as unknown as IncomingMessage, {} as ServerResponse, () => undefined);
}

/** `express.json` reports a too long body only at its end, and some never end. Node ignores what comes after the answer. */
function whenLonger(request: IncomingMessage, limit: number, tell: () => void): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limit) tell();
  });
}

function isEmpty({ headers }: IncomingMessage): boolean {
  return (headers['content-length'] ?? '0') === '0' && headers['transfer-encoding'] === undefined;
}

/** The reader says nothing of a body that it does not understand. */
function otherType({ headers: { 'content-type': type } }: IncomingMessage): PublicError {
  const got = type === undefined ? 'none' : JSON.stringify(type);
  return new PublicError('BAD_REQUEST', `content-type: expected application/json, got ${got}`, 415);
}

function bodyFault(error: unknown, limit: number): Error {
  const { status = 500, message, type } = error as HttpError;
  if (type === 'entity.too.large') return tooLong(limit);
  return status < 500
    ? new PublicError('BAD_REQUEST', `body: expected JSON, got ${message}`, status)
    : (error as Error);
}

function tooLong(limit: number): PublicError {
  return new PublicError('BAD_REQUEST', `body: expected at most ${limit} bytes, got more`, 413);
}
