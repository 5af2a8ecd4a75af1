/** Asks again for all that is on the screen: after a lost connection, or when the whole shop is another one. */
import type { Exchange, Operation } from 'urql';
import { filter, makeSubject, merge, pipe, tap } from 'wonka';

export interface Refetch {
  readonly exchange: Exchange;
  /** Asks anew for every query that some component shows now. */
  refetch(): void;
}

export function createRefetch(): Refetch {
  const shown = new Map<number, Operation>();
  const { source, next } = makeSubject<Operation>();
  let refetch = () => {};
  const exchange: Exchange = ({ client, forward }) => {
    refetch = () => {
      for (const operation of shown.values()) {
        const context = { ...operation.context, requestPolicy: 'network-only' as const };
        next({ ...client.createRequestOperation('query', operation, context), key: operation.key });
      }
    };
    return (operations) => {
      const noted = pipe(
        operations,
        tap((operation) => {
          if (operation.kind === 'query') shown.set(operation.key, operation);
          else if (operation.kind === 'teardown') shown.delete(operation.key);
        }),
      );
      const again = pipe(
        source,
        filter(({ key }) => shown.has(key)),
      );
      return forward(merge([noted, again]));
    };
  };
  return { exchange, refetch: () => refetch() };
}
