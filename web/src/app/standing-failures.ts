/** Keeps a query's failure on the screen until the server answers it. Without this, data from the cache would hide the failure. */
import type { CombinedError, Exchange, OperationResult } from 'urql';
import { map, pipe, tap } from 'wonka';

/** Adds an error to a result from the cache, when the same query has failed since that result was stored. */
export const standingFailures: Exchange = ({ forward }) => {
  const failures = new Map<number, CombinedError>();
  const withFailure = (result: OperationResult): OperationResult => {
    const { key, kind, context } = result.operation;
    if (kind !== 'query') return result;
    if (result.error) failures.set(key, result.error);
    else if (context.meta?.cacheOutcome === 'hit') return { ...result, error: failures.get(key) };
    else failures.delete(key);
    return result;
  };
  return (operations) =>
    pipe(
      operations,
      tap(({ kind, key }) => kind === 'teardown' && failures.delete(key)),
      forward,
      map(withFailure),
    );
};
