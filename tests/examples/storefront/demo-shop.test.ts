/** The demo shop with categories, designs and pictures, as the storefront imports it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeDemoShop } from '../../../examples/storefront/src/demo/demo-shop';
import { CATEGORY_NAMES, categoryOf, designOf } from '../../../examples/storefront/src/demo/describe';
import { pictureOf } from '../../../examples/storefront/src/demo/picture';
import type { DatasetItem } from '../../../src/datasets/dataset';
import { DEMO_DIR } from '../../../src/datasets/demo-shop';
import { readDataset } from '../../../src/datasets/read-dataset';
import { temporaryFolder } from '../../support/temporary-folder';

const dir = temporaryFolder();

it('has the items of the demo shop, with their vectors, and a category and a picture for each', async () => {
  writeDemoShop(DEMO_DIR, dir, 'http://localhost:3000');
  const drawn: DatasetItem[] = [];
  for await (const item of (await readDataset(dir)).items()) drawn.push(item);
  const lines = drawn.map(({ externalId, title, price }) => `${externalId},${title.replaceAll('"', '')},${price}`);
  const plain = (await readFile(join(DEMO_DIR, 'items.csv'), 'utf8')).trim().split('\n').slice(1);
  expect(lines).toEqual(plain.map((line) => line.replaceAll(/"|(?<=\.\d*)0+$|\.0+$/g, '')));
  const counts = CATEGORY_NAMES.map((name) => drawn.filter(({ categories }) => categories?.[0] === name).length);
  expect(Math.min(...counts)).toBeGreaterThan(20);
  expect(counts.reduce((sum, count) => sum + count)).toBe(drawn.length);
  for (const { title } of drawn) expect(pictureOf(title).length).toBeLessThan(1000);
  for (const name of ['events.csv.gz', 'vectors.int8.bin']) {
    const [before, after] = await Promise.all([DEMO_DIR, dir].map((folder) => readFile(join(folder, name))));
    expect(after.equals(before)).toBe(true);
  }
});

it.each([
  ['Red Retrospot Mug', 'Tea & coffee', 'Retrospot'],
  ['Christmas Retrospot Star Wood', 'Christmas', 'Retrospot'],
  ['Lunch Bag Spaceboy Design', 'Bags & purses', 'Spaceboy'],
  ['Zinc Star T-Light Holder', 'Candles & lights', null],
  ['Yellow Shark Helicopter', 'Gifts', null],
])('reads what the title %s says', (title, category, design) => {
  expect([categoryOf(title), designOf(title)]).toEqual([category, design]);
});

it('draws a title always in the same way, in the colours that it names', () => {
  expect(pictureOf('Red Retrospot Mug')).toBe(pictureOf('Red Retrospot Mug'));
  expect(pictureOf('Red Retrospot Mug')).toContain('fill="#c5443a"');
  expect(pictureOf('Blue Polkadot Mug')).toContain('fill="#5b86b4"');
  expect(pictureOf('<script>')).not.toContain('script');
});
