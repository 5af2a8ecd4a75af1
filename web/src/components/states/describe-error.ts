/** A failed operation in words for people. */
import type { CombinedError } from 'urql';

export function describeError({ networkError, graphQLErrors, response }: CombinedError): string {
  const [first] = graphQLErrors;
  if (first) return describe(first.message, first.extensions as Extensions);
  if (networkError?.name === 'TimeoutError') return `${TOO_LATE} Try again; if it stays so, look at the server’s log.`;
  if (networkError && response === undefined)
    return 'The server does not answer. It is tried again as soon as it is back.';
  return networkError?.message ?? 'The server gave an answer that makes no sense here.';
}

const TOO_LATE = 'The server has not answered within two minutes.';

/** @returns Whether another key would do. */
export function isRefused({ graphQLErrors }: CombinedError): boolean {
  return graphQLErrors.some(({ extensions }) => REFUSALS.includes(String(extensions.code)));
}

const REFUSALS = ['UNAUTHENTICATED', 'FORBIDDEN'];

/** A mutation that failed, in words for people: of some failures nobody knows whether it was done all the same. */
export function describeFailedChange(error: CombinedError): string {
  if (error.networkError?.name === 'TimeoutError') return `${TOO_LATE} ${MAY_BE_DONE}`;
  if (error.networkError && error.response === undefined) return `The server does not answer. ${MAY_BE_DONE}`;
  return describeError(error);
}

const MAY_BE_DONE = 'It may have done it or not: look before you try again.';

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

interface Extensions {
  readonly code?: string;
  readonly errorId?: string;
  readonly retryAfterSeconds?: number;
}

function describe(message: string, { code, errorId, retryAfterSeconds }: Extensions): string {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'The server wants a valid key.';
    case 'FORBIDDEN':
      return 'This needs a key that allows it.';
    case 'OVERLOADED':
      return `The server has too much to do. Try again in ${retryAfterSeconds ?? 1} s.`;
    case 'TRY_AGAIN':
      return `A part of the server is starting anew. Try again in ${retryAfterSeconds ?? 1} s.`;
    case 'DATABASE_UNAVAILABLE':
      return `The database gives no answer. Try again in ${retryAfterSeconds ?? 1} s.`;
    case 'INTERNAL_SERVER_ERROR':
      return `The server made a mistake. Its log has more under ${errorId ?? 'this time'}.`;
    default:
      return message;
  }
}
