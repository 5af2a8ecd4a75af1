/**
 * The demo shop as a folder that `tigerql import` takes: with categories, designs and pictures. The vectors stay those of the titles
 * alone, so that the model learns from the same items as the demo's.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { categoryOf, designOf } from './describe.js';
import { picturePath } from './picture.js';

const COLUMNS = ['id', 'title', 'price', 'currency', 'category', 'brand', 'image_url', 'url'];
const COPIED = ['events.csv.gz', 'vectors.json', 'vectors.int8.bin', 'ATTRIBUTION.md'];

/**
 * @param seeds - The folder of the demo shop.
 * @param target - The folder to write.
 * @param shopUrl - Where the pages and pictures of its items are.
 */
export function writeDemoShop(seeds: string, target: string, shopUrl: string): void {
  const [, ...lines] = readFileSync(join(seeds, 'items.csv'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => {
    const [id, title, price] = cellsOf(line);
    const picture = `${shopUrl}${picturePath(title)}`;
    const url = `${shopUrl}/items/${encodeURIComponent(id)}`;
    return [id, title, price, 'GBP', categoryOf(title), designOf(title) ?? '', picture, url];
  });
  mkdirSync(target, { recursive: true });
  for (const name of COPIED) copyFileSync(join(seeds, name), join(target, name));
  writeFileSync(join(target, 'items.csv'), [COLUMNS, ...rows].map((cells) => cells.map(quoted).join(',')).join('\n'));
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quotedText, text]) => quotedText?.replaceAll('""', '"') ?? text,
  );
}

function quoted(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
