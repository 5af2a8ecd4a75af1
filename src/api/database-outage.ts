/** Tells clients that the database gives no answer: they may try again, which they may not after an error of the server. */
import { GraphQLError } from 'graphql';

import { DatabaseUnavailableError, rootOf } from '../errors';
import type { Logger } from '../logger';
import { isDatabaseFault } from '../storage/database-error';

/** In an outage every request fails, so that the log need not have each of them. */
const LOG_EVERY_MS = 5_000;

/** Returns a public error in place of one that comes from the database's silence; any other error as it is. */
export type ExplainOutage = (error: unknown) => unknown;

export function createOutage(logger: Logger, now = () => performance.now()): ExplainOutage {
  let loggedAt = -Infinity;
  return (error) => {
    const cause = rootOf(error);
    if (!isDatabaseFault(cause)) return error;
    if (now() - loggedAt >= LOG_EVERY_MS) {
      loggedAt = now();
      logger.error({ err: cause }, 'The database gives no answer. Operations fail until it does.');
    }
    const { message, extensions } = new DatabaseUnavailableError();
    const { nodes, path } = error instanceof GraphQLError ? error : {};
    return new GraphQLError(message, { nodes, path, extensions });
  };
}
