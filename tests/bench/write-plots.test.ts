import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writePlots } from '../../bench/write-plots';

const dir = mkdtempSync(join(tmpdir(), 'tigerql-plots-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('writePlots', () => {
  it('makes the folder and writes one SVG file per plot', async () => {
    const axis = { label: 'x', scale: 'linear', ticks: [0, 1] } as const;
    const plot = { title: 'A plot', x: axis, y: axis, series: [] };
    const files = await writePlots(join(dir, 'new'), { 'one.svg': plot, 'two.svg': plot });
    expect(files).toEqual(['one.svg', 'two.svg'].map((name) => join(dir, 'new', name)));
    expect(files.every((file) => existsSync(file))).toBe(true);
    expect(readFileSync(files[0], 'utf8')).toMatch(/^<svg .*A plot/s);
  });
});
