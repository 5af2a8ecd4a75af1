/** The trie's nodes as they are stored, and as they follow from the semantic IDs of live items. */
import { codesKey, codesOfKey } from '../../src/storage/code-keys';
import type { Database } from '../../src/storage/database';

export async function storedPrefixes({ read }: Database, tokenizerId: number): Promise<Record<string, number>> {
  const rows = await read.semanticIdPrefix.findMany({ where: { tokenizerId }, orderBy: { prefixKey: 'asc' } });
  return Object.fromEntries(rows.map(({ level, prefixKey, itemCount }) => [`${level}:${prefixKey}`, itemCount]));
}

export async function recomputedPrefixes({ read }: Database, tokenizerId: number): Promise<Record<string, number>> {
  const rows = await read.semanticId.findMany({ where: { tokenizerId, item: { removedAt: null } } });
  const counts: Record<string, number> = {};
  for (const codes of rows.map((row) => codesOfKey(row.codesKey))) {
    for (let level = 0; level <= codes.length; level++) {
      const node = `${level}:${codesKey(codes.slice(0, level))}`;
      counts[node] = (counts[node] ?? 0) + 1;
    }
  }
  return counts;
}

/** @returns The nodes of all tokenizers whose stored count is not that of their live items. */
export async function wrongPrefixes(database: Database): Promise<string[]> {
  const wrong: string[] = [];
  for (const { id } of await database.read.tokenizer.findMany()) {
    const [stored, counted] = [await storedPrefixes(database, id), await recomputedPrefixes(database, id)];
    const nodes = Object.keys({ ...stored, ...counted }).filter((node) => stored[node] !== counted[node]);
    wrong.push(...nodes.map((node) => `${id}/${node}`));
  }
  return wrong;
}
