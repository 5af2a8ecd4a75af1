/** Answers requests that reach no resolver. */
import type { IncomingMessage, ServerResponse } from 'node:http';

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

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}
