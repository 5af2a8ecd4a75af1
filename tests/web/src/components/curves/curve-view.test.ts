import type UPlot from 'uplot';

import { isEnlarged, moveByKey, pan, showAll, zoom } from '../../../../../web/src/components/curves/curve-view';

/** Remembers its scale, as the chart does. */
function chartOf(steps: readonly number[], min: number, max: number) {
  const x = { min, max };
  const setScale = (_: string, limits: { min: number; max: number }) => Object.assign(x, limits);
  return { x, chart: { data: [steps], scales: { x }, setScale } as unknown as UPlot };
}

describe('curve-view', () => {
  it('moves by a share of what is shown, and stops at both ends', () => {
    const { x, chart } = chartOf([0, 50, 100], 40, 60);
    pan(chart, 0.5);
    expect(x).toEqual({ min: 50, max: 70 });
    pan(chart, 10);
    expect(x).toEqual({ min: 80, max: 100 });
    pan(chart, -10);
    expect(x).toEqual({ min: 0, max: 20 });
  });

  it('enlarges around the middle, and back no further than all', () => {
    const { x, chart } = chartOf([0, 50, 100], 0, 100);
    zoom(chart, 0.5);
    expect(x).toEqual({ min: 25, max: 75 });
    zoom(chart, 4);
    expect(x).toEqual({ min: 0, max: 100 });
  });

  it('says whether a part is enlarged', () => {
    expect(isEnlarged(chartOf([0, 50, 100], 20, 100).chart)).toBe(true);
    expect(isEnlarged(chartOf([0, 50, 100], 0, 100).chart)).toBe(false);
    expect(isEnlarged(chartOf([7], 6.5, 7.5).chart)).toBe(false);
  });

  it('leaves a view alone that would become too short', () => {
    const { x, chart } = chartOf([0, 100], 10, 12);
    zoom(chart, 0.5);
    expect(x).toEqual({ min: 10, max: 12 });
    const single = chartOf([7], 6.5, 7.5);
    for (const key of ['+', '-', '0', 'ArrowLeft']) expect(moveByKey(single.chart, key)).toBe(true);
    expect(single.x).toEqual({ min: 6.5, max: 7.5 });
  });

  it('shows all again, and leaves other keys to the page', () => {
    const { x, chart } = chartOf([0, 100], 10, 20);
    expect(moveByKey(chart, 'Tab')).toBe(false);
    showAll(chart);
    expect(x).toEqual({ min: 0, max: 100 });
  });
});
