/** Answers requests that reach no resolver. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

/** A middleware as Connect defines it: it works with Node's own request and response. */
export type Step = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Answers as GraphQL does, without an operation.
 *
 * @param facts - What programs read beside the code.
 */
export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  facts: Readonly<Record<string, unknown>> = {},
): void {
  response.setHeader('content-type', JSON_TYPE);
  sendText(response, status, errorText(code, message, facts));
}

/** @returns The answer of an operation that has failed as a whole. */
export function errorText(code: string, message: string, facts: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, ...facts } }] });
}

/** Refuses a path at which nothing is. @param expected - What is. */
export function sendNotFound(request: IncomingMessage, response: ServerResponse, expected: string): void {
  const got = `${request.method} ${JSON.stringify(pathOf(request))}`;
  sendError(response, 404, 'NOT_FOUND', `request: expected ${expected}, got ${got}`);
}

/** @returns The target without its query, which may hold secrets. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*/s, '');
}

/** @returns The whole answer to a request for which Node has made no response; the connection ends with it. */
export function rawError(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code = 'BAD_REQUEST',
): string {
  const body = errorText(code, message);
  const all = { ...headers, Connection: 'close', 'Content-Type': JSON_TYPE, 'Content-Length': Buffer.byteLength(body) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
