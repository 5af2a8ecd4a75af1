/** `interactions.jsonl`: one interaction per line, all of a user together and oldest first, with everything that the database knows of it. */
import { z } from 'zod';

import { DatasetError, type DatasetSequence } from './dataset';
import { parseLine } from './json-lines';
import { readLines } from './lines';
import type { RegisteredItems } from './registered-items';

export const INTERACTIONS = 'interactions.jsonl';

const schema = z.object({
  user: z.string().min(1),
  item: z.string().min(1),
  kind: z.enum(['PURCHASE', 'VIEW', 'CART', 'RATING']),
  at: z.iso.datetime().transform((text) => Date.parse(text)),
  eventId: z.string().nullish(),
});

type Interaction = z.infer<typeof schema>;

/** @throws {DatasetError} When a line is wrong, a user's lines are not together, or a time is before the one above. */
export async function* readInteractions(file: string, known: RegisteredItems): AsyncGenerator<DatasetSequence> {
  const finished = new Set<string>();
  let history: Interaction[] = [];
  for await (const line of readLines(file)) {
    const next = parseLine(file, line, schema, 'interaction');
    known.check(next.item, file, line.number);
    const last = history.at(-1);
    if (last !== undefined && last.user !== next.user) {
      yield sequenceOf(history);
      finished.add(last.user);
      history = [];
    }
    check(file, line.number, next, { last: history.at(-1), finished });
    history.push(next);
  }
  if (history.length > 0) yield sequenceOf(history);
}

function check(
  file: string,
  line: number,
  { user, at }: Interaction,
  { last, finished }: { readonly last: Interaction | undefined; readonly finished: ReadonlySet<string> },
): void {
  if (finished.has(user))
    throw new DatasetError(file, line, `user ${user}: expected all interactions together, got others further up`);
  if (last !== undefined && at < last.at)
    throw new DatasetError(file, line, `user ${user}: expected the oldest first, got a time before the line above`);
}

function sequenceOf(history: readonly Interaction[]): DatasetSequence {
  return {
    userExternalId: history[0].user,
    itemExternalIds: history.map(({ item }) => item),
    times: history.map(({ at }) => at),
    events: history.map(({ kind, eventId }) => ({ kind, eventId: eventId ?? null })),
  };
}
