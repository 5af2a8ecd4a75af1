/** The effects of a reassignment on other items than those that it names: which collide, and whose similar items change. */
import type { ReassignmentImpact } from '../../graphql/semantic-id/records';
import type { CodeChange } from '../../models/decoding/trie';
import { addToGroup } from '../../models/math/arrays';
import type { ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readInPages } from '../storage/bulk-reads';
import { codesKey, keysUnder, prefixOfKey } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import { readLiveKeys } from '../storage/sql-reads';
import type { Transaction } from '../storage/transaction';

type Tokenizer = Pick<ActiveTokenizer, 'id' | 'numLevels' | 'idLength'>;

/** Item id → key of its whole semantic ID. */
type KeysByItem = ReadonlyMap<number, string>;

/** Up to this many first codes are read by one query each; for more, all keys are read. */
const MANY_FIRST_CODES = 64;

const KEYS_PER_QUERY = 1_000;

/** @param changes - Not written yet. */
export async function impactOf(
  client: Transaction,
  tokenizer: Tokenizer,
  changes: readonly CodeChange[],
): Promise<ReassignmentImpact> {
  const before = await liveKeys(client, tokenizer, changes);
  const after = new Map(before);
  await forEachYielding(changes, ({ itemId, after: codes }) => {
    if (codes === null) after.delete(itemId);
    else after.set(itemId, codesKey(codes));
  });
  const [former, latter] = [await Groups.of(before, tokenizer), await Groups.of(after, tokenizer)];
  const itemIds = new Set([...before.keys(), ...after.keys()]);
  const collides = (groups: Groups, keys: KeysByItem, itemId: number) => groups.collides(keys.get(itemId));
  const found = {
    collisionsMade: [] as number[],
    collisionsSolved: [] as number[],
    similarItemsChanged: [] as number[],
  };
  const isSame = memoisedComparison();
  await forEachYielding(itemIds, (itemId) => {
    const [did, does] = [collides(former, before, itemId), collides(latter, after, itemId)];
    if (does && !did) found.collisionsMade.push(itemId);
    if (did && !does) found.collisionsSolved.push(itemId);
    if (!isSame(former.nearest(before.get(itemId)), latter.nearest(after.get(itemId)))) {
      found.similarItemsChanged.push(itemId);
    }
  });
  return found;
}

/** Keys of live items under the first codes that any change leaves or enters: no other item can be touched. */
async function liveKeys(
  client: Transaction,
  tokenizer: Tokenizer,
  changes: readonly CodeChange[],
): Promise<KeysByItem> {
  const firstCodes = new Set(changes.flatMap(({ before, after }) => [before?.[0] ?? [], after?.[0] ?? []].flat()));
  const prefixes = firstCodes.size > MANY_FIRST_CODES ? [[]] : [...firstCodes].map((code) => [code]);
  const keys = new Map<number, string>();
  for (const prefix of prefixes) {
    const { lte } = keysUnder(prefix, tokenizer.idLength);
    const read = (after: string, take: number) => readLiveKeys(client, tokenizer.id, { after, lte }, take);
    // The prefix is shorter than the keys under it, and so before them.
    const rows = await readInPages(codesKey(prefix), read, (row) => row.codesKey, KEYS_PER_QUERY);
    for (const row of rows) keys.set(row.itemId, row.codesKey);
  }
  return keys;
}

/** The items below each prefix. */
class Groups {
  private constructor(
    private readonly members: ReadonlyMap<string, readonly number[]>,
    private readonly tokenizer: Tokenizer,
  ) {}

  static async of(keys: KeysByItem, tokenizer: Tokenizer): Promise<Groups> {
    const members = new Map<string, number[]>();
    await forEachYielding(keys, ([itemId, key]) => {
      for (let level = 1; level < tokenizer.idLength; level++) {
        addToGroup(members, prefixOfKey(key, level), itemId);
      }
    });
    return new Groups(members, tokenizer);
  }

  /** Whether another item has all the same codebook codes. */
  collides(key: string | undefined): boolean {
    return key !== undefined && this.members.get(prefixOfKey(key, this.tokenizer.numLevels))!.length > 1;
  }

  /** The items below the longest prefix that the key's item shares with another, itself included; null when it shares none. */
  nearest(key: string | undefined): readonly number[] | null {
    if (key === undefined) return null;
    for (let level = this.tokenizer.idLength - 1; level >= 1; level--) {
      const group = this.members.get(prefixOfKey(key, level))!;
      if (group.length > 1) return group;
    }
    return null;
  }
}

/** Compares groups as sets, and each pair only once, since all members of a group ask the same. */
function memoisedComparison(): (a: readonly number[] | null, b: readonly number[] | null) => boolean {
  const results = new Map<readonly number[], Map<readonly number[], boolean>>();
  return (a, b) => {
    if (a === null || b === null) return a === b;
    const known = results.get(a) ?? new Map<readonly number[], boolean>();
    results.set(a, known);
    const result = known.get(b) ?? haveSameMembers(a, b);
    known.set(b, result);
    return result;
  };
}

function haveSameMembers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((itemId) => members.has(itemId));
}
