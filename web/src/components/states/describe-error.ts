/** A failed operation in words for people. */
import type { CombinedError } from 'urql';

export function describeError({ graphQLErrors: [first], response }: CombinedError): string {
  if (first) return sentenceOf(first.message, first.extensions as Extensions);
  if (response === undefined) return 'The server does not answer.';
  const { ok, status } = response as Response;
  if (ok) return 'The server gave an answer that makes no sense here.';
  return `The server, or a proxy in front of it, answered with ${status} and no more.`;
}

interface Extensions {
  readonly code?: string;
  readonly errorId?: string;
}

function sentenceOf(message: string, { code, errorId }: Extensions): string {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'The server wants a valid key.';
    case 'FORBIDDEN':
      return 'This needs a key that allows it.';
    case 'OVERLOADED':
      return 'The server has too much to do.';
    case 'TRY_AGAIN':
      return 'A part of the server is starting anew.';
    case 'DATABASE_UNAVAILABLE':
      return 'The database gives no answer.';
    case 'INTERNAL_SERVER_ERROR':
      return `The server made a mistake. Its log has more under ${errorId ?? 'this time'}.`;
    default:
      return `${message.replace(/\.$/, '')}.`;
  }
}

/** A mutation that failed, in words for people: of some failures nobody knows whether it was done all the same. */
export function describeFailedChange(error: CombinedError): string {
  const advice = mayBeDone(error) ? ' It may have done it or not: look before you try again.' : '';
  return describeError(error) + advice;
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
