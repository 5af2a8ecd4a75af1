/** Failures that stand until the server answers: the cache repeats its data when another answer touches it. */
import type { CombinedError, Exchange, OperationResult } from 'urql';
import { map, pipe, tap } from 'wonka';

/** Gives what comes from the cache the error of the same query, when that was asked anew in vain since. */
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
