/** A failed operation in words for people. */
import type { CombinedError } from 'urql';

export function describeError(error: CombinedError): string {
  const [what, advice] = wordsOf(error);
  return advice === undefined ? what : `${what} ${advice}`;
}

/** A query that failed and is asked again by itself, in words for people. */
export function describeRetriedError(error: CombinedError): string {
  return `${sentenceOf(error)} It is tried again in a moment.`;
}

/** A mutation that failed, in words for people: of some failures nobody knows whether it was done all the same. */
export function describeFailedChange(error: CombinedError): string {
  if (!mayBeDone(error)) return describeError(error);
  return `${sentenceOf(error)} It may have done it or not: look before you try again.`;
}

function sentenceOf(error: CombinedError): string {
  const [what] = wordsOf(error);
  return what.endsWith('.') ? what : `${what}.`;
}

/** @returns Whether another key would do. */
export function isRefused({ graphQLErrors }: CombinedError): boolean {
  return graphQLErrors.some(({ extensions }) => REFUSALS.includes(String(extensions.code)));
}

const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'];

/** @returns Whether a mutation that failed so may have been done all the same. */
export function mayBeDone({ networkError, graphQLErrors }: CombinedError): boolean {
  return (
    networkError !== undefined || graphQLErrors.some(({ extensions }) => UNCERTAIN.includes(String(extensions.code)))
  );
}

const UNCERTAIN = [
  'ANSWER_TOO_LARGE',
  'DATABASE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
  'SERVER_UNAVAILABLE',
  'TRY_AGAIN',
];

/** A sentence about the failure, and advice if there is any. */
type Words = readonly [what: string, advice?: string];

function wordsOf({ graphQLErrors, response }: CombinedError): Words {
  const [first] = graphQLErrors;
  if (first) return wordsOfCode(first.message, first.extensions as Extensions);
  if (response === undefined) return ['The server does not answer.', 'It is tried again as soon as it is back.'];
  const { ok, status } = response as Response;
  if (ok) return ['The server gave an answer that makes no sense here.'];
  return [`The server, or a proxy in front of it, answered with ${status} and no more.`];
}

interface Extensions {
  readonly code?: string;
  readonly errorId?: string;
  readonly retryAfterSeconds?: number;
}

function wordsOfCode(message: string, { code, errorId, retryAfterSeconds = 1 }: Extensions): Words {
  const later = `Try again in ${retryAfterSeconds} s.`;
  switch (code) {
    case 'UNAUTHENTICATED':
      return ['The server wants a valid key.'];
    case 'FORBIDDEN':
      return ['This needs a key that allows it.'];
    case 'OVERLOADED':
      return ['The server has too much to do.', later];
    case 'TRY_AGAIN':
      return ['A part of the server is starting anew.', later];
    case 'DATABASE_UNAVAILABLE':
      return ['The database gives no answer.', later];
    case 'INTERNAL_SERVER_ERROR':
      return [`The server made a mistake. Its log has more under ${errorId ?? 'this time'}.`];
    default:
      return [message];
  }
}
