/** Adds many items call by call; a wrong one stops no other. */
import type { CombinedError } from 'urql';

import { describeFailedChange } from '../../../components/states/describe-error';
import { retryAfterOf } from '../../../components/states/retry-after';
import type { AddItemsMutation, NewItem } from '../../../graphql/graphql';
import type { ParsedRow } from './parse-items';

/** Each call gives its items their semantic IDs; so many take about a second. */
const ITEMS_PER_CALL = 200;
/** A server that is overloaded for longer than so many calls take is left alone. */
const MOST_ATTEMPTS = 8;
/** More of them are counted, and not kept. */
const MOST_REFUSALS = 50;

export interface Refusal {
  readonly line: number;
  readonly message: string;
}

export interface BulkProgress {
  /** What is added. */
  readonly rows: readonly ParsedRow[];
  readonly done: number;
  readonly total: number;
  readonly added: number;
  /** Items that the server refused. */
  readonly refusedCount: number;
  /** The first of them, in the order of the file. */
  readonly refused: readonly Refusal[];
  /** Whether the server wants to be asked again in a moment. */
  readonly isWaiting: boolean;
  /** Why it ended before its time; null while it goes on, and when it came to its end. */
  readonly stopped: string | null;
  readonly isRunning: boolean;
}

export interface Answer {
  readonly data?: { readonly addItems: AddItemsMutation['addItems'] | null } | null;
  readonly error?: CombinedError;
}

export interface BulkParts {
  /** Sends one call. */
  readonly add: (items: readonly NewItem[]) => Promise<Answer>;
  readonly onProgress: (progress: BulkProgress) => void;
  /** Looked at after each call. */
  readonly isStopped: () => boolean;
  readonly wait?: (seconds: number) => Promise<void>;
}

export async function addInCalls(rows: readonly ParsedRow[], parts: BulkParts): Promise<void> {
  const wanted = rows.flatMap(({ line, item }) => (item === null ? [] : [{ line, item }]));
  let state: BulkProgress = { ...NOTHING_DONE, rows, total: wanted.length };
  const tell = (changes: Partial<BulkProgress>) => parts.onProgress((state = { ...state, ...changes }));
  tell({});
  for (let from = 0; from < wanted.length && state.stopped === null; from += ITEMS_PER_CALL) {
    const some = wanted.slice(from, from + ITEMS_PER_CALL);
    const { data, error } = await addPatiently(some, parts, (isWaiting) => tell({ isWaiting }));
    if (!data?.addItems || error) tell({ stopped: error ? describeFailedChange(error) : 'The server gave no answer.' });
    else tell({ ...counted(state, data.addItems, some), stopped: parts.isStopped() ? 'You stopped it.' : null });
  }
  tell({ isRunning: false });
}

const NOTHING_DONE = {
  done: 0,
  added: 0,
  refusedCount: 0,
  refused: [],
  isWaiting: false,
  stopped: null,
  isRunning: true,
} as const;

interface Line {
  readonly line: number;
  readonly item: NewItem;
}

/** Makes the same call again while the server says that it may succeed in a moment. */
async function addPatiently(
  some: readonly Line[],
  { add, isStopped, wait = waitSeconds }: BulkParts,
  onWait: (isWaiting: boolean) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await add(some.map(({ item }) => item));
    const seconds = retryAfterOf(answer.error?.graphQLErrors ?? []);
    if (seconds === null || attempt === MOST_ATTEMPTS || isStopped()) return answer;
    onWait(true);
    await wait(seconds * attempt);
    onWait(false);
  }
}

function counted(
  { done, added, refusedCount, refused }: BulkProgress,
  { items, userErrors }: AddItemsMutation['addItems'],
  sent: readonly Line[],
): Partial<BulkProgress> {
  // An item may have several faults, and counts once.
  const byLine = new Map(
    userErrors.map(({ message, field }) => [sent[Number(field?.[1] ?? 0)]?.line ?? sent[0].line, message]),
  );
  const refusals = [...byLine].map(([line, message]) => ({ line, message })).sort((a, b) => a.line - b.line);
  const isMore = refused.length < MOST_REFUSALS && refusals.length > 0;
  return {
    done: done + sent.length,
    added: added + items.filter((item) => item !== null).length,
    refusedCount: refusedCount + refusals.length,
    refused: isMore ? [...refused, ...refusals].slice(0, MOST_REFUSALS) : refused,
  };
}

function waitSeconds(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
