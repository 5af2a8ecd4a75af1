/** Adds many items call by call; a wrong one stops no other. */
import { useRef, useState } from 'react';
import { useClient } from 'urql';

import { outdatePages } from '../../../components/pages/page-store';
import { describeError } from '../../../components/states/describe-error';
import { AddItemsDocument } from '../../../graphql/graphql';
import type { ParsedRow } from './parse-items';

/** Each call gives its items their semantic IDs; so many take about a second. */
const ITEMS_PER_CALL = 200;

interface Refusal {
  readonly line: number;
  readonly message: string;
}

export interface BulkProgress {
  readonly done: number;
  readonly total: number;
  readonly added: number;
  /** What the server refused, by line. */
  readonly refused: readonly Refusal[];
  /** Why it ended before its time; null while it goes on, and when it came to its end. */
  readonly stopped: string | null;
  readonly isRunning: boolean;
}

export interface BulkAdd {
  readonly progress: BulkProgress | null;
  start(rows: readonly ParsedRow[]): Promise<void>;
  /** Ends after the call that is on its way. */
  stop(): void;
  reset(): void;
}

export function useBulkAdd(): BulkAdd {
  const client = useClient();
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const isStopped = useRef(false);

  const start = async (rows: readonly ParsedRow[]) => {
    const wanted = rows.flatMap(({ line, item }) => (item === null ? [] : [{ line, item }]));
    isStopped.current = false;
    let state: BulkProgress = { done: 0, total: wanted.length, added: 0, refused: [], stopped: null, isRunning: true };
    setProgress(state);
    for (let from = 0; from < wanted.length && state.stopped === null; from += ITEMS_PER_CALL) {
      const some = wanted.slice(from, from + ITEMS_PER_CALL);
      const input = { items: some.map(({ item }) => item), atomic: false };
      const { data, error } = await client.mutation(AddItemsDocument, { input }).toPromise();
      if (!data) {
        state = { ...state, stopped: error ? describeError(error) : 'The server gave no answer.' };
        break;
      }
      const { items, userErrors } = data.addItems;
      state = {
        ...state,
        done: state.done + some.length,
        added: state.added + items.filter((item) => item !== null).length,
        refused: userErrors.length === 0 ? state.refused : [...state.refused, ...refusalsOf(userErrors, some)],
        stopped: isStopped.current ? 'You stopped it.' : null,
      };
      setProgress(state);
    }
    setProgress({ ...state, isRunning: false });
    outdatePages();
  };

  return {
    progress,
    start,
    stop: () => {
      isStopped.current = true;
    },
    reset: () => setProgress(null),
  };
}

function refusalsOf(
  userErrors: readonly { readonly message: string; readonly field?: readonly string[] | null }[],
  sent: readonly { readonly line: number }[],
): Refusal[] {
  return userErrors.map(({ message, field }) => ({ line: sent[Number(field?.[1] ?? 0)]?.line ?? 0, message }));
}
