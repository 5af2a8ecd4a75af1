/** urql's `useQuery` shows the answer to the former question until the next answer, and nothing when asking again fails. */
import { useRef } from 'react';
import {
  type AnyVariables,
  type CombinedError,
  createRequest,
  type Operation,
  useClient,
  // eslint-disable-next-line no-restricted-imports -- This hook is what all others use.
  useQuery,
  type UseQueryArgs,
  type UseQueryExecute,
} from 'urql';

import { useRetry } from './retry';

export interface FreshResult<Data> {
  /** Stays when the same question is asked again and fails; the error then stands beside it. */
  readonly data?: Data;
  readonly error?: CombinedError;
  readonly fetching: boolean;
  /** Whether the data answers a former question about the same thing. */
  readonly isFormer: boolean;
}

/**
 * Asks a question, and gives the answer to no other one.
 *
 * @param about - Given where several questions are about one thing: the answer to a former one of these stays until the next answer.
 */
export function useFreshQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
  about?: string,
): readonly [FreshResult<Data>, UseQueryExecute] {
  const client = useClient();
  const [result, ask] = useQuery(args);
  const { key } = createRequest(args.query, args.variables as Variables);
  const subject = about ?? String(key);
  const isAnswer = result.operation?.key === key;
  const isOfClient = useIsOfClient(result.operation);
  const last = useRef<{ client: object; key: number; subject: string; data: Data } | null>(null);
  if (isAnswer && isOfClient) {
    if (result.data !== undefined) last.current = { client, key, subject, data: result.data };
    // Data that one API key has read is not shown to another key.
    else if (result.error && last.current?.client !== client) last.current = null;
  }
  const known = last.current?.subject === subject ? last.current : null;
  const state = {
    data: known?.data,
    error: isAnswer ? result.error : undefined,
    fetching: isAnswer ? result.fetching : args.pause !== true,
    isFormer: known !== null && known.key !== key,
  };
  useRetry(state.error, () => ask({ requestPolicy: 'network-only' }));
  return [state, ask];
}

/** @returns Whether the present client has answered: each API key has one, and `useQuery` shows the former one's answer until then. */
function useIsOfClient(operation: Operation | undefined): boolean {
  const client = useClient();
  const former = useRef<{ client: object; operation?: Operation }>({ client });
  if (former.current.client !== client) former.current = { client, operation };
  return operation !== former.current.operation;
}
