/** Tells clients which faults may pass: after one of these they may try again, and after any other error of the server they may not. */
import { GraphQLError } from 'graphql';

import { DatabaseUnavailableError, isWorkerDeath, type PublicError, rootOf, TryAgainError } from '../errors';
import type { Logger } from '../logger';
import { isDatabaseFault, isStoreFault, NewerTablesError } from '../storage/database-error';

interface PassingFault {
  isCauseOf(cause: unknown): boolean;
  /** What the client gets. */
  asError(): PublicError;
  readonly logText: string;
}

const NEWER_TABLES =
  'database: expected the tables of this version of tigerql, got newer ones; nothing was changed: try again, a newer server answers';

const PASSING_FAULTS: readonly PassingFault[] = [
  {
    isCauseOf: (cause) => cause instanceof NewerTablesError,
    asError: () => new DatabaseUnavailableError(NEWER_TABLES),
    logText: 'A newer version of tigerql has changed the tables. Start that version here too.',
  },
  {
    isCauseOf: isDatabaseFault,
    asError: () => new DatabaseUnavailableError(),
    logText: 'The database does not answer. Operations fail until it does.',
  },
  {
    isCauseOf: isWorkerDeath,
    asError: () => new TryAgainError('server', 'a worker thread that answers', 'one that ended'),
    logText: 'A worker thread has ended again and again. A new one is started at the next request.',
  },
  {
    isCauseOf: isStoreFault,
    asError: () => new TryAgainError('checkpoint store', 'an answer', 'none'),
    logText: 'The checkpoint store does not answer. What needs a checkpoint fails until it does.',
  },
];

/** In an outage every request fails, and the log does not need each failure. */
const LOG_EVERY_MS = 5_000;

/** Returns a public error in place of one that comes from a fault that may pass; any other error as it is. */
export type ExplainFault = (error: unknown) => unknown;

export function createFaultExplainer(logger: Logger, now = () => performance.now()): ExplainFault {
  const loggedAt = new Map<PassingFault, number>();
  return (error) => {
    const cause = rootOf(error);
    const fault = PASSING_FAULTS.find(({ isCauseOf }) => isCauseOf(cause));
    if (fault === undefined) return error;
    if (now() - (loggedAt.get(fault) ?? -Infinity) >= LOG_EVERY_MS) {
      loggedAt.set(fault, now());
      logger.error({ err: cause }, fault.logText);
    }
    const { message, extensions } = fault.asError();
    const { nodes, path } = error instanceof GraphQLError ? error : {};
    return new GraphQLError(message, { nodes, path, extensions });
  };
}
