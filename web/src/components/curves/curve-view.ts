/** The part of the steps that a chart shows: moved and enlarged. */
import type UPlot from 'uplot';

/** A press of a key moves by this share of what is shown. */
const KEY_SHARE = 0.1;
const ZOOM_FACTOR = 0.8;
/** Steps are whole numbers; the chart's axis has no marks for less. */
const SHORTEST_VIEW = 2;

/** @param share - Of what is shown; positive: to later steps. It stops at both ends. */
export function pan(chart: UPlot, share: number): void {
  const { first, last, min, max } = viewOf(chart);
  if (max - min >= last - first) return;
  const wanted = (max - min) * share;
  const moved = Math.min(Math.max(wanted, first - min), last - max);
  chart.setScale('x', { min: min + moved, max: max + moved });
}

/** @param factor - Below 1: fewer steps are shown, around the middle. */
export function zoom(chart: UPlot, factor: number): void {
  const { first, last, min, max } = viewOf(chart);
  if ((max - min) * factor < SHORTEST_VIEW || last - first < SHORTEST_VIEW) return;
  const middle = (min + max) / 2;
  chart.setScale('x', {
    min: Math.max(first, middle - (middle - min) * factor),
    max: Math.min(last, middle + (max - middle) * factor),
  });
}

export function showAll(chart: UPlot): void {
  const { first, last } = viewOf(chart);
  if (first < last) chart.setScale('x', { min: first, max: last });
}

/** @returns Whether the key is one that moves the view. */
export function moveByKey(chart: UPlot, key: string): boolean {
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(chart, -KEY_SHARE),
    ArrowRight: () => pan(chart, KEY_SHARE),
    '+': () => zoom(chart, ZOOM_FACTOR),
    '-': () => zoom(chart, 1 / ZOOM_FACTOR),
    0: () => showAll(chart),
  };
  moves[key]?.();
  return key in moves;
}

export function isEnlarged(chart: UPlot): boolean {
  const { first, last, min, max } = viewOf(chart);
  return min > first || max < last;
}

function viewOf(chart: UPlot): { first: number; last: number; min: number; max: number } {
  const steps = chart.data[0];
  const [first, last] = [steps[0] ?? 0, steps[steps.length - 1] ?? 0];
  return { first, last, min: chart.scales.x.min ?? first, max: chart.scales.x.max ?? last };
}
