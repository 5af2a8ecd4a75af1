/** Draws a line plot as an SVG document: points joined by lines, a grid, labelled axes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  /** Values with a grid line and a label. The first and the last are the ends of the axis. */
  readonly ticks: readonly number[];
}

export interface Series {
  readonly label: string;
  readonly color: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const [WIDTH, HEIGHT] = [640, 360];
const MARGIN = { left: 64, right: 40, top: 44, bottom: 52 };
/** A middle grey can be read on a white page and on a black page. */
const INK = '#7d8590';

export function linePlot({ title, x, y, series }: Plot): string {
  const toX = scaleOf(x, MARGIN.left, WIDTH - MARGIN.right);
  const toY = scaleOf(y, HEIGHT - MARGIN.bottom, MARGIN.top);
  const middle = (MARGIN.top + HEIGHT - MARGIN.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    text(title, WIDTH / 2, 20, 'middle', 'font-size="14"'),
    ...x.ticks.map((tick) => line(toX(tick), MARGIN.top, toX(tick), HEIGHT - MARGIN.bottom)),
    ...x.ticks.map((tick) => text(tickLabel(tick), toX(tick), HEIGHT - MARGIN.bottom + 18, 'middle')),
    ...y.ticks.map((tick) => line(MARGIN.left, toY(tick), WIDTH - MARGIN.right, toY(tick))),
    ...y.ticks.map((tick) => text(tickLabel(tick), MARGIN.left - 8, toY(tick) + 4, 'end')),
    text(x.label, (MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 12, 'middle'),
    text(y.label, 16, middle, 'middle', `transform="rotate(-90 16 ${middle})"`),
    ...series.flatMap((one, i) => drawn(one, i, toX, toY)),
    '</svg>',
    '',
  ].join('\n');
}

/** @returns About five ticks 0, step, 2 · step …; the last is not below the largest value. */
export function linearTicks(largest: number): number[] {
  const rough = largest / 5;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * [1, 2, 5, 10].find((factor) => factor * unit >= rough)!;
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, i) => i * step);
}

type Scale = (value: number) => number;

function scaleOf({ scale, ticks }: Axis, from: number, to: number): Scale {
  const level = scale === 'log' ? Math.log : (value: number) => value;
  const [low, high] = [level(ticks[0]), level(ticks[ticks.length - 1])];
  return (value) => round(from + ((level(value) - low) / (high - low)) * (to - from));
}

function drawn({ label, color, points }: Series, index: number, toX: Scale, toY: Scale): string[] {
  const places = points.map(([x, y]) => [toX(x), toY(y)]);
  return [
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${color}"/>`),
    // Linear axes begin at 0, so the bottom of the plot has room for the labels.
    text(label, WIDTH - MARGIN.right - 10, HEIGHT - MARGIN.bottom - 12 - 16 * index, 'end', `style="fill:${color}"`),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${INK}" stroke-opacity="0.3"/>`;
}

function text(content: string, x: number, y: number, anchor: string, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${escaped(content)}</text>`;
}

function tickLabel(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en');
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
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
