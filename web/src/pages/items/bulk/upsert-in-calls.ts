/** Stores many items in several calls. A wrong item does not stop the others, and a call can be made again. */
import type { CombinedError } from 'urql';

import { describeFailedChange } from '../../../components/states/describe-error';
import { secondsToWait } from '../../../components/states/retry';
import type { NewItem, UpsertItemsMutation } from '../../../graphql/graphql';
import type { ParsedRow } from './parse-items';

/** A call also makes the semantic IDs of its items, which takes about a second for this many. */
const ITEMS_PER_CALL = 200;
/** How often one call is made while the server is overloaded or away. */
const MOST_ATTEMPTS = 8;

export interface Refusal {
  readonly line: number;
  readonly message: string;
}

export interface BulkProgress {
  readonly rows: readonly ParsedRow[];
  readonly done: number;
  readonly total: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** In the order of the file. */
  readonly refused: readonly Refusal[];
  /** Whether it waits before it repeats the same call. */
  readonly isWaiting: boolean;
  /** Why it stopped early; null while it runs, and when it is done. */
  readonly stopped: string | null;
  readonly isRunning: boolean;
}

export interface Answer {
  readonly data?: { readonly upsertItems: UpsertItemsMutation['upsertItems'] | null } | null;
  readonly error?: CombinedError;
}

export interface BulkParts {
  readonly upsert: (items: readonly NewItem[]) => Promise<Answer>;
  readonly onProgress: (progress: BulkProgress) => void;
  readonly isStopped: () => boolean;
  readonly wait?: (seconds: number) => Promise<void>;
}

export async function upsertInCalls(rows: readonly ParsedRow[], parts: BulkParts): Promise<void> {
  const wanted = rows.flatMap(({ line, item }) => (item === null ? [] : [{ line, item }]));
  let state: BulkProgress = { ...NOTHING_DONE, rows, total: wanted.length };
  const tell = (changes: Partial<BulkProgress>) => parts.onProgress((state = { ...state, ...changes }));
  tell({});
  while (state.done < wanted.length && state.stopped === null) {
    const some = wanted.slice(state.done, state.done + ITEMS_PER_CALL);
    const { data, error } = await upsertPatiently(some, parts, tell);
    if (!data?.upsertItems || error)
      tell({ stopped: error ? describeFailedChange(error) : 'The server gave no answer.' });
    else tell({ ...counted(state, data.upsertItems, some), stopped: parts.isStopped() ? 'You stopped it.' : null });
  }
  tell({ isRunning: false });
}

const NOTHING_DONE: BulkProgress = {
  rows: [],
  done: 0,
  total: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  refused: [],
  isWaiting: false,
  stopped: null,
  isRunning: true,
};

interface Line {
  readonly line: number;
  readonly item: NewItem;
}

/** Repeats the call as long as another attempt may succeed. */
async function upsertPatiently(
  some: readonly Line[],
  { upsert, isStopped, wait = waitSeconds }: BulkParts,
  tell: (changes: Partial<BulkProgress>) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await upsert(some.map(({ item }) => item));
    const { error } = answer;
    const seconds = error ? secondsToWait(error) : null;
    if (seconds === null || attempt === MOST_ATTEMPTS || isStopped()) return answer;
    tell({ isWaiting: true });
    await wait(seconds * attempt);
    tell({ isWaiting: false });
    if (isStopped()) return answer;
  }
}

function counted(
  { done, created, updated, unchanged, refused }: BulkProgress,
  answer: UpsertItemsMutation['upsertItems'],
  sent: readonly Line[],
): Partial<BulkProgress> {
  return {
    done: done + sent.length,
    created: created + answer.created,
    updated: updated + answer.updated,
    unchanged: unchanged + answer.unchanged,
    refused: [...refused, ...byLine(answer.userErrors, sent)],
  };
}

type ItemError = UpsertItemsMutation['upsertItems']['userErrors'][number];

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
