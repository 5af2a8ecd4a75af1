/** `interactions.jsonl`: one interaction per line, in any order, with everything that the database knows of it. */
import { z } from 'zod';

import type { DatasetSequence } from './dataset';
import { Histories } from './histories';
import { idSchema, parseLine, timeSchema } from './json-lines';
import { readLines } from './lines';
import type { RegisteredItems } from './registered-items';

export const INTERACTIONS = 'interactions.jsonl';

/** A storefront token's user comes before its event's id: 200 characters, each of which may take 12, and 200 more. */
export const MAX_EVENT_ID_LENGTH = 3_000;

const schema = z.object({
  user: idSchema,
  item: idSchema,
  kind: z.enum(['PURCHASE', 'VIEW', 'CART', 'RATING']),
  at: timeSchema,
  eventId: z.string().min(1).max(MAX_EVENT_ID_LENGTH).nullish(),
});

/** @throws {DatasetError} When a line is wrong. */
export async function* readInteractions(file: string, known: RegisteredItems): AsyncGenerator<DatasetSequence> {
  const histories = new Histories();
  for await (const line of readLines(file)) {
    const { user, item: itemId, kind, at: timeMs, eventId } = parseLine(file, line, schema, 'interaction');
    known.checkId(file, line.number, 'user', user);
    known.checkTime(file, line.number, 'at', timeMs);
    if (known.has(itemId, file, line.number)) histories.add(user, { itemId, timeMs, kind, eventId: eventId ?? null });
  }
  yield* histories.sequences();
}
