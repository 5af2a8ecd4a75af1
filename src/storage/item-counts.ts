/** How many interactions items have, and how popular they are: kept with the items, so that ranking them counts nothing. */
import { type KindRules, KINDS } from '../../models/data/kinds';
import type { Database } from './database';
import { lastInteractionId } from './last-ids';
import type { Transaction } from './transaction';

/** The weight of an interaction, in hundredths; of a kind that the table does not have yet it is 1. */
const weightOf = (row: string) =>
  `COALESCE((SELECT k."hundredths" FROM "KindWeight" k WHERE k."kind" = ${row}."kind"), 100)`;

const dayOf = (row: string) => `substr(CAST(${row}."occurredAt" AS TEXT), 1, 10)`;

/**
 * Runs work that inserts interactions, and adds them to the counts of their items: `interactionCount`, and `popularity`, which counts a
 * user once a day, by the weightiest kind of that day.
 */
export async function countingInserted<T>(transaction: Transaction, insert: () => Promise<T>): Promise<T> {
  const lastId = await lastInteractionId(transaction);
  const result = await insert();
  await addToCounts(transaction, (id) => `${id} > ${lastId}`, 1);
  return result;
}

/** Deletes interactions, or gives them to another user, and keeps the counts of their items in step. */
export async function countingChanged<T>(
  transaction: Transaction,
  ids: readonly number[],
  change: () => Promise<T>,
): Promise<T> {
  const isChanged = (id: string) => `${id} IN (${ids.join(', ') || 'NULL'})`;
  await addToCounts(transaction, isChanged, -1);
  const result = await change();
  await addToCounts(transaction, isChanged, 1);
  return result;
}

/**
 * Adds to the counts of items, or takes from them, what some interactions count beside all others.
 *
 * @param isCounted - Gives the condition on the id of an interaction, in SQL.
 */
async function addToCounts(transaction: Transaction, isCounted: (id: string) => string, sign: 1 | -1): Promise<void> {
  const others = `COALESCE(MAX(${weightOf('i')}), 0)`;
  // The plus keeps SQLite from reading all interactions of the item.
  await transaction.$executeRawUnsafe(`
    UPDATE "Item" SET
      "interactionCount" = "interactionCount" + ${sign} * a."count", "popularity" = "Item"."popularity" + ${sign} * a."weight"
    FROM (
      SELECT d."itemId", CAST(SUM(d."count") AS INTEGER) AS "count", CAST(SUM((
        SELECT CASE WHEN d."weight" > ${others} THEN d."weight" - ${others} ELSE 0 END FROM "Interaction" i
        WHERE i."userId" = d."userId" AND i."itemId" = d."itemId" AND ${dayOf('i')} = d."day"
          AND NOT (${isCounted('+i."id"')})
      )) AS INTEGER) AS "weight" FROM (
        SELECT n."userId", n."itemId", ${dayOf('n')} AS "day", COUNT(*) AS "count", MAX(${weightOf('n')}) AS "weight"
        FROM "Interaction" n WHERE ${isCounted('n."id"')} GROUP BY n."userId", n."itemId", ${dayOf('n')}
      ) AS d GROUP BY d."itemId"
    ) AS a WHERE "Item"."id" = a."itemId"`);
}

const COUNT_ALL = `
  UPDATE "Item" SET "popularity" = COALESCE((
    SELECT CAST(SUM(d."weight") AS INTEGER) FROM (
      SELECT MAX(${weightOf('i')}) AS "weight" FROM "Interaction" i WHERE i."itemId" = "Item"."id"
      GROUP BY i."userId", ${dayOf('i')}
    ) AS d
  ), 0)`;

/** Makes these the weights of kinds. Where others held, popularity is counted anew. */
export async function weighKinds({ write }: Pick<Database, 'write'>, rules: KindRules): Promise<void> {
  const wanted = KINDS.map((kind) => ({ kind, hundredths: Math.round(100 * rules[kind].weight) }));
  await write(async (transaction) => {
    const rows = await transaction.kindWeight.findMany();
    const stored = new Map(rows.map(({ kind, hundredths }) => [kind, hundredths]));
    if (wanted.every(({ kind, hundredths }) => stored.get(kind) === hundredths)) return;
    await transaction.kindWeight.deleteMany();
    await transaction.kindWeight.createMany({ data: wanted });
    await transaction.$executeRawUnsafe(COUNT_ALL);
  });
}
