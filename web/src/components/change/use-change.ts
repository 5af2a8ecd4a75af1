/** A mutation: runs it, and tells what went wrong in the same form whether the input, the key or the network was at fault. */
import { useCallback, useState } from 'react';
import { type AnyVariables, type CombinedError, type TypedDocumentNode, useMutation } from 'urql';

import { noteOwnChange } from '../../app/catalogue-changes';
import { askForKey } from '../../app/key-store';
import { describeFailedChange, mayBeDone } from '../states/describe-error';

export interface Outcome<P> {
  /** Null where there was no answer. */
  readonly payload: P | null;
  readonly problems: readonly Problem[];
}

export interface Payload {
  readonly userErrors: readonly { readonly message: string; readonly field?: readonly string[] | null }[];
}

export interface Change<Variables, P> {
  /** Never throws: it answers the payload and what was wrong, nothing when all went well. */
  run(variables: Variables, signal?: AbortSignal): Promise<Outcome<P>>;
  readonly isRunning: boolean;
  /** Those of the last run. */
  readonly problems: readonly Problem[];
  forget(): void;
}

/** @param select - The payload in the answer. */
export function useChange<Data, Variables extends AnyVariables, P extends Payload>(
  document: TypedDocumentNode<Data, Variables>,
  select: (data: Data) => P,
): Change<Variables, P> {
  const [, execute] = useMutation(document);
  const [isRunning, setIsRunning] = useState(false);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const run = useCallback(
    async (variables: Variables, signal?: AbortSignal): Promise<Outcome<P>> => {
      setIsRunning(true);
      const { data, error } = await execute(variables, signal && { fetch: endedWith(signal) });
      setIsRunning(false);
      if (error?.graphQLErrors.some(({ extensions }) => extensions.code === 'FORBIDDEN')) {
        askForKey('This needs a key that allows it.');
      }
      if (error && mayBeDone(error)) noteOwnChange();
      // A mutation that failed is null in the answer.
      const outcome = data && !error ? outcomeOf(select(data)) : failureOf(error);
      setProblems(outcome.problems);
      return outcome;
    },
    // The selector is written in place and never depends on anything.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [execute],
  );
  return { run, isRunning, problems, forget: () => setProblems([]) };
}

function outcomeOf<P extends Payload>(payload: P): Outcome<P> {
  return { payload, problems: payload.userErrors.map(({ message, field }) => ({ message, field: field ?? null })) };
}

function failureOf(error: CombinedError | undefined): Outcome<never> {
  const message = error ? describeFailedChange(error) : 'No answer.';
  return { payload: null, problems: [{ message, field: null }] };
}

/** The server ends what needs no end, such as a look ahead, when its request does. */
function endedWith(signal: AbortSignal): typeof fetch {
  return (input, init) =>
    fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal });
}

/** A fault of an input; `field` is a path into the input, null when it is no field's fault. */
export interface Problem {
  readonly message: string;
  readonly field: readonly string[] | null;
}
