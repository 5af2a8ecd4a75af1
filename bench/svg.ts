/** Draws line plots as SVG documents. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { init } from 'echarts';

interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** Of a logarithm; 10 if absent. */
  readonly base?: number;
}

export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const COLOURS = ['#2f81f7', '#db6d28', '#3fb950', '#a371f7', '#f85149', '#7d8590'];
/** A middle grey can be read on a white page and on a black page. */
const INK = '#7d8590';

function linePlot({ title, x, y, series }: Plot): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 640, height: 360 });
  chart.setOption({
    animation: false,
    color: COLOURS,
    title: { text: title, left: 'center', textStyle: { color: INK, fontSize: 14, fontWeight: 'normal' } },
    legend: { bottom: 0, textStyle: { color: INK } },
    grid: { left: 64, right: 40, top: 44, bottom: 72 },
    xAxis: { ...axisOf(x, 28), min: 'dataMin' },
    yAxis: axisOf(y, 48),
    series: series.map(({ label, points }) => ({
      type: 'line',
      name: label,
      data: points,
      symbol: 'circle',
      symbolSize: 7,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function axisOf({ label, scale, base = 10 }: Axis, nameGap: number) {
  return {
    type: scale === 'log' ? 'log' : 'value',
    logBase: base,
    name: label,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: { color: INK },
    axisLabel: { color: INK },
    splitLine: { show: true, lineStyle: { color: INK, opacity: 0.3 } },
  };
}

/**
 * @param dir - Made when it is missing; a file of the same name is replaced.
 * @param plots - File name → plot.
 * @returns The paths of the files.
 */
export async function writePlots(dir: string, plots: Readonly<Record<string, Plot>>): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  for (const [name, plot] of Object.entries(plots)) await writeFile(join(dir, name), linePlot(plot));
  return Object.keys(plots).map((name) => join(dir, name));
}
