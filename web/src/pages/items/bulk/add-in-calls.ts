/** Adds many items in several calls. A wrong item does not stop the others. */
import type { CombinedError } from 'urql';

import { describeFailedChange, mayBeDone } from '../../../components/states/describe-error';
import { secondsToWait } from '../../../components/states/retry';
import type { AddItemsMutation, NewItem } from '../../../graphql/graphql';
import type { ParsedRow } from './parse-items';

/** A call also makes the semantic IDs of its items, which takes about a second for this many. */
const ITEMS_PER_CALL = 200;
/** How often one call is made while the server is overloaded or away. */
const MOST_ATTEMPTS = 8;
/** More refusals are counted, but not kept. */
const MOST_REFUSALS = 50;

export interface Refusal {
  readonly line: number;
  readonly message: string;
}

export interface BulkProgress {
  readonly rows: readonly ParsedRow[];
  readonly done: number;
  readonly total: number;
  /** Items of a repeated call that exist already count too: most likely the call without an answer had added them. */
  readonly added: number;
  readonly refusedCount: number;
  /** The first of them, in the order of the file. */
  readonly refused: readonly Refusal[];
  /** Whether it waits before it repeats the same call. */
  readonly isWaiting: boolean;
  /** Whether the next items were in a call that may have been carried out, although it had no answer. */
  readonly isUnsure: boolean;
  /** Why it stopped early; null while it runs, and when it has added everything. */
  readonly stopped: string | null;
  readonly isRunning: boolean;
}

export interface Answer {
  readonly data?: { readonly addItems: AddItemsMutation['addItems'] | null } | null;
  readonly error?: CombinedError;
}

export interface BulkParts {
  readonly add: (items: readonly NewItem[]) => Promise<Answer>;
  readonly onProgress: (progress: BulkProgress) => void;
  readonly isStopped: () => boolean;
  readonly wait?: (seconds: number) => Promise<void>;
}

/** @param former - The progress at which the same rows stopped before; absent: it begins. */
export async function addInCalls(
  rows: readonly ParsedRow[],
  parts: BulkParts,
  former: BulkProgress = NOTHING_DONE,
): Promise<void> {
  const wanted = rows.flatMap(({ line, item }) => (item === null ? [] : [{ line, item }]));
  let state: BulkProgress = { ...former, rows, total: wanted.length, stopped: null, isRunning: true };
  const tell = (changes: Partial<BulkProgress>) => parts.onProgress((state = { ...state, ...changes }));
  tell({});
  while (state.done < wanted.length && state.stopped === null) {
    const some = wanted.slice(state.done, state.done + ITEMS_PER_CALL);
    const { data, error } = await addPatiently(some, parts, tell);
    if (!data?.addItems || error) tell({ stopped: error ? describeFailedChange(error) : 'The server gave no answer.' });
    else tell({ ...counted(state, data.addItems, some), stopped: parts.isStopped() ? 'You stopped it.' : null });
  }
  tell({ isRunning: false });
}

const NOTHING_DONE: BulkProgress = {
  rows: [],
  done: 0,
  total: 0,
  added: 0,
  refusedCount: 0,
  refused: [],
  isWaiting: false,
  stopped: null,
  isUnsure: false,
  isRunning: true,
};

interface Line {
  readonly line: number;
  readonly item: NewItem;
}

/** Repeats the call as long as another attempt may succeed. */
async function addPatiently(
  some: readonly Line[],
  { add, isStopped, wait = waitSeconds }: BulkParts,
  tell: (changes: Partial<BulkProgress>) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await add(some.map(({ item }) => item));
    const { error } = answer;
    if (error && mayBeDone(error)) tell({ isUnsure: true });
    const seconds = error ? secondsToWait(error) : null;
    if (seconds === null || attempt === MOST_ATTEMPTS || isStopped()) return answer;
    tell({ isWaiting: true });
    await wait(seconds * attempt);
    tell({ isWaiting: false });
    if (isStopped()) return answer;
  }
}

function counted(
  { done, added, refusedCount, refused, isUnsure }: BulkProgress,
  { items, userErrors }: AddItemsMutation['addItems'],
  sent: readonly Line[],
): Partial<BulkProgress> {
  const isMet = ({ code }: ItemError) => isUnsure && code === 'DUPLICATE';
  const refusals = byLine(
    userErrors.filter((error) => !isMet(error)),
    sent,
  );
  const isMore = refused.length < MOST_REFUSALS && refusals.length > 0;
  return {
    done: done + sent.length,
    added: added + items.filter((item) => item !== null).length + userErrors.filter(isMet).length,
    refusedCount: refusedCount + refusals.length,
    refused: isMore ? [...refused, ...refusals].slice(0, MOST_REFUSALS) : refused,
    isUnsure: false,
  };
}

type ItemError = AddItemsMutation['addItems']['userErrors'][number];

/** @returns One refusal per line, although an item may have several faults. */
function byLine(errors: readonly ItemError[], sent: readonly Line[]): Refusal[] {
  const lines = new Map(
    errors.map(({ message, field }) => [sent[Number(field?.[1] ?? 0)]?.line ?? sent[0].line, message]),
  );
  return [...lines].map(([line, message]) => ({ line, message })).sort((a, b) => a.line - b.line);
}

function waitSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
