/** Questions to the server of which only the latest counts. */
import type { AnyVariables, Client, OperationResult, TypedDocumentNode } from 'urql';
import { filter, pipe, subscribe, take } from 'wonka';

export interface OneQuestion {
  /**
   * Asks the server, and drops the question on its way: urql would answer a second one like it with the answer to the first, which may
   * be older than the change that is looked for.
   *
   * @returns Null once it is dropped itself.
   */
  ask<Data, Variables extends AnyVariables>(
    client: Client,
    query: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<OperationResult<Data, Variables> | null>;
  /** Drops the question on its way. */
  drop(): void;
}

export function oneQuestion(): OneQuestion {
  let drop = () => {};
  return {
    ask: (client, query, variables) => {
      drop();
      return new Promise((resolve) => {
        const { unsubscribe } = pipe(
          client.query(query, variables, { requestPolicy: 'network-only' }),
          filter(({ stale }) => !stale),
          take(1),
          subscribe(resolve),
        );
        drop = () => {
          unsubscribe();
          resolve(null);
        };
      });
    },
    drop: () => drop(),
  };
}
