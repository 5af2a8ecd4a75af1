/** The experiment trains on datasets that break an assumption, or refuses them and names what they lack. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createRandom } from '../../../models/math/random';
import { openCommandFolder } from '../../support/command-run';

const { dir, run } = openCommandFolder();

const DIMS = 8;
const WORDS = ['red', 'blue', 'steel', 'wooden', 'glass', 'lamp', 'chair', 'table', 'mug', 'clock', 'candle', 'frame'];

interface OddDataset {
  readonly items: number;
  /** Absent: three words that differ between items. */
  readonly title?: (item: number) => string | null;
  /** Absent: the sentence encoder reads the titles. */
  readonly vector?: (item: number) => number[];
  /** Interactions per user. */
  readonly length?: number;
  /** The day of each interaction, all of them views; absent: purchases, a day apart. */
  readonly viewedOn?: (at: number) => string;
  readonly users?: number;
}

/** Numbers that differ between items. */
const anyVector = (item: number) => {
  const random = createRandom(7, item);
  return Array.from({ length: DIMS }, () => random.normal());
};

function write(name: string, { items, title, vector, viewedOn, length = 6, users = 30 }: OddDataset): string {
  const folder = join(dir, name.replaceAll(' ', '-'));
  const random = createRandom(1);
  const rows = Array.from({ length: items }, (_, item) => item);
  const words = () => [0, 1, 2].map(() => WORDS[random.int(WORDS.length)]).join(' ');
  const lines = rows.map((item) => ({
    id: `i${item}`,
    title: title === undefined ? words() : title(item),
    categories: [],
  }));
  const histories = Array.from({ length: users }, (_, user) => [
    `u${user}`,
    ...Array.from({ length }, () => `i${random.int(items)}`),
  ]);
  mkdirSync(folder);
  writeFileSync(join(folder, 'items.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  writeFileSync(join(folder, 'sequences.txt'), histories.map((history) => history.join(' ')).join('\n'));
  const views = histories.flatMap(([user, ...read]) =>
    read.map((item, i) => ({ user, item, kind: 'VIEW', at: `${viewedOn?.(i)}T00:00Z` })),
  );
  if (viewedOn !== undefined)
    writeFileSync(join(folder, 'interactions.jsonl'), views.map((view) => JSON.stringify(view)).join('\n'));
  if (vector !== undefined) {
    writeFileSync(join(folder, 'vectors.json'), JSON.stringify({ rows: items, dims: DIMS, dtype: 'float32' }));
    writeFileSync(join(folder, 'vectors.float32.bin'), Float32Array.from(rows.flatMap(vector)));
  }
  return folder;
}

const evaluate = (folder: string, ...options: string[]) =>
  run(['evaluate', '--dataset', folder, '--preset', 'tiny', '--json', ...options]);

describe('tigerql evaluate', () => {
  it.each<[string, OddDataset, ...string[]]>([
    ['fewer items than codes', { items: 5, vector: anyVector }],
    ['views alone', { items: 60, vector: anyVector, viewedOn: (at) => `2026-01-0${1 + at}` }, '--split', '2026-01-06'],
  ])(
    'trains on %s',
    async (name, dataset, ...options) => {
      const { code, stdout, stderr } = await evaluate(write(name, dataset), ...options);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const figures = JSON.stringify(JSON.parse(stdout));
      expect(figures).toContain('"ndcg@10"');
      expect(figures).not.toContain('"value":null'); // JSON of a figure that is not a number
      expect(existsSync(join(dir, 'shop.db'))).toBe(false);
    },
    120_000,
  );

  it.each<[string, OddDataset, string]>([
    [
      'no text at all',
      { items: 60, title: () => '' },
      'got 60 equal ones; items need titles, brands or categories that tell them apart, or vectors of your own, or a preset that also ' +
        'reads what is bought together (demo or base)',
    ],
    ['vectors that are all equal', { items: 60, vector: () => anyVector(0) }, 'vectors: expected rows that differ'],
  ])('refuses %s in one line that says what to do', async (name, dataset, reason) => {
    const { code, stdout, stderr } = await evaluate(write(name, dataset));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const line = stderr.split('\n').filter((each) => each.startsWith('tigerql: '));
    expect(line).toEqual([expect.stringContaining(reason)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  }, 120_000); // prettier-ignore
});
