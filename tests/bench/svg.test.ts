import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { linearTicks, linePlot, writePlots } from '../../bench/svg';

describe('linearTicks', () => {
  it('takes round steps from 0 past the largest value', () => {
    expect(linearTicks(9)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(linearTicks(130)).toEqual([0, 50, 100, 150]);
  });

  it('covers any value with few steps', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (largest) => {
        const ticks = linearTicks(largest);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(largest * (1 - 1e-9));
        expect(ticks.length).toBeGreaterThan(2);
        expect(ticks.length).toBeLessThan(8);
      }),
    );
  });
});

describe('linePlot', () => {
  const plot = linePlot({
    title: 'a < b',
    x: { label: 'items', scale: 'log', ticks: [1, 10, 100] },
    y: { label: 'ms', scale: 'linear', ticks: [0, 5, 10] },
    series: [{ label: 'p50', color: '#123456', points: [[1, 0], [10, 5], [100, 10]] }], // prettier-ignore
  });

  it('puts equal ratios at equal distances on a logarithmic axis, and larger values higher up', () => {
    const [, list] = /points="([^"]+)"/.exec(plot) ?? [];
    const places = list.split(' ').map((pair) => pair.split(',').map(Number));
    expect(places[1][0] - places[0][0]).toBeCloseTo(places[2][0] - places[1][0], 0);
    expect(places[0][1]).toBeGreaterThan(places[1][1]);
    expect(places[1][1]).toBeGreaterThan(places[2][1]);
  });

  it('escapes what it is told to print', () => {
    expect(plot).toContain('a &lt; b');
    expect(plot).not.toContain('a < b');
  });
});

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
