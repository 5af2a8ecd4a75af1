/** The little shop as a dataset folder, with its vectors. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { littleInteractions, littleItems } from './little-shop';

/** Writes the folder. @returns How many rows it holds. */
export function writeLittleDataset(dir: string): { items: number; users: number; interactions: number } {
  const items = littleItems();
  const histories = new Map<string, string[]>();
  for (const { user, item } of littleInteractions()) {
    histories.set(user.externalId, [...(histories.get(user.externalId) ?? []), item.externalId]);
  }
  const lines = items.map(({ externalId: id, title, categories, price }) =>
    JSON.stringify({ id, title, categories, price }),
  );
  const header = { rows: items.length, dims: items[0].embedding.length, dtype: 'float32', encoder: 'little' };
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'items.jsonl'), lines.join('\n'));
  writeFileSync(join(dir, 'sequences.txt'), [...histories].map(([user, ids]) => [user, ...ids].join(' ')).join('\n'));
  writeFileSync(join(dir, 'vectors.json'), JSON.stringify(header));
  writeFileSync(join(dir, 'vectors.float32.bin'), Float32Array.from(items.flatMap(({ embedding }) => embedding)));
  return { items: items.length, users: histories.size, interactions: [...histories.values()].flat().length };
}
