import { clusteredRows, codesOf, uniformRows } from '../../bench/catalogues';
import { Trie } from '../../models/decoding/trie';

const keys = (rows: ReturnType<typeof uniformRows>, levels: number) =>
  Array.from(rows.itemIds, (_, row) => codesOf(rows, row).slice(0, levels).join('.'));

describe.each([
  ['uniformRows', uniformRows],
  ['clusteredRows', clusteredRows],
])('%s', (_, rowsOf) => {
  it('gives distinct IDs that a trie takes', () => {
    expect(Trie.build(rowsOf(5_000, 'paper')).size).toBe(5_000);
    expect(Trie.build(rowsOf(5_000, 'base')).codebookSize).toBe(1024);
    expect(rowsOf(5_000, 'base')).toEqual(rowsOf(5_000, 'base'));
  });
});

describe('clusteredRows', () => {
  it('numbers the items that share their first codes from 0, without gaps', () => {
    const rows = clusteredRows(20_000, 'paper');
    const groups = new Map<string, number[]>();
    keys(rows, 3).forEach((key, row) => groups.set(key, [...(groups.get(key) ?? []), codesOf(rows, row)[3]]));
    expect([...groups.values()].filter((tokens) => tokens.some((token, i) => token !== i))).toEqual([]);
    expect([...groups.values()].some((tokens) => tokens.length > 1)).toBe(true);
  });

  it('uses the first codes unevenly, as trained codebooks do, and leaves none out', () => {
    const rows = clusteredRows(20_000, 'paper');
    const counts = new Int32Array(rows.codebookSize);
    for (let row = 0; row < 20_000; row++) counts[codesOf(rows, row)[0]]++;
    const perplexity = Math.exp(-counts.reduce((sum, n) => sum + (n / 20_000) * Math.log(n / 20_000), 0));
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(perplexity).toBeGreaterThan(220);
    expect(perplexity).toBeLessThan(250);
  });
});
