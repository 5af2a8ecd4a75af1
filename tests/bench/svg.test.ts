import { linearTicks, linePlot } from '../../bench/svg';

describe('linearTicks', () => {
  it('takes round steps from 0 past the largest value', () => {
    expect(linearTicks(9)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(linearTicks(130)).toEqual([0, 50, 100, 150]);
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
