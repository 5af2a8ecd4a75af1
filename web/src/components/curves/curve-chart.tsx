/** Curves over one axis of steps, which is moved and enlarged by pointer, wheel and keys. */
import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';

import { curveColor } from '../../app/theme';
import { formatAxis, formatCount, formatMeasure } from '../format/format';
import classes from './curve-chart.module.css';
import { alignCurves, type Curve, type View } from './curve-data';
import { enlargedView, moveByKey, pan, zoom, ZOOM_FACTOR } from './curve-view';

/** With more points than these, dots on a line hide it. */
const MOST_DOTS = 60;
const AXIS_FONT = "12px 'Inter Variable', system-ui, sans-serif";
const LINE_WIDTH = 1.75;

interface CurveChartProps {
  /** Describes the chart to people who do not see it. */
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  /** Told what is enlarged when that has stayed for a moment; null: all is shown. */
  readonly onView?: (view: View | null) => void;
}

/** A wheel that turns, or a key that is held, asks once at its end. */
const VIEW_REST_MS = 250;

export function CurveChart({ label, curves, height = 320, onView }: CurveChartProps) {
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [view, setView] = useState<View | null>(null);
  const data = useMemo(() => alignCurves(curves, view), [curves, view]);
  const latest = useRef(data);
  latest.current = data;
  const noteView = useDebouncedCallback((next: View | null) => {
    setView(next);
    onView?.(next);
  }, VIEW_REST_MS);
  const onMove = useRef(noteView);
  onMove.current = noteView;
  const names = JSON.stringify(curves.map((curve) => [curve.id, curve.label]));

  // Another set of curves needs another chart; more points of the same do not.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const labels = (JSON.parse(names) as [string, string][]).map(([, name]) => name);
    const series = labels.map((label, index) => seriesOf(label, index, scheme));
    const size = { width: element.clientWidth, height };
    const options = optionsOf(series, scheme, size, (next) => onMove.current(next));
    const chart = new UPlot(options, latest.current as UPlot.AlignedData, element);
    const onWheel = (event: WheelEvent) => {
      if (moveByWheel(chart, event)) event.preventDefault();
    };
    // React listens to wheels in a way that cannot keep the page from scrolling.
    chart.over.addEventListener('wheel', onWheel, { passive: false });
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [names, scheme, height]);

  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    chart.setData(data as UPlot.AlignedData, enlargedView(chart) === null);
  }, [data]);

  return (
    <div
      role="group"
      aria-label="Chart; the arrow keys move it, + and - change its scale, 0 shows all"
      tabIndex={0}
      onKeyDown={(event) => {
        const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
        if (isPlain && plot.current && moveByKey(plot.current, event.key)) event.preventDefault();
      }}
    >
      <div ref={place} className={classes.chart} role="img" aria-label={label} style={{ minHeight: height }} />
    </div>
  );
}

function seriesOf(label: string, index: number, scheme: 'light' | 'dark'): UPlot.Series {
  return {
    label,
    stroke: curveColor(index, scheme),
    width: LINE_WIDTH,
    spanGaps: true,
    points: { show: (chart, series) => chart.data[series].length <= MOST_DOTS },
    value: (chart, value: number | null, series, at) => {
      const shown = at == null ? lastOf(chart.data[series]) : value;
      return shown == null ? '–' : formatMeasure(shown);
    },
  };
}

/** The legend shows this value while the pointer is elsewhere. */
function lastOf(values: ArrayLike<number | null | undefined>): number | null | undefined {
  return Array.from(values).findLast((value) => value != null);
}

function optionsOf(
  series: UPlot.Series[],
  scheme: 'light' | 'dark',
  size: { width: number; height: number },
  onView: (view: View | null) => void,
): UPlot.Options {
  const text = scheme === 'dark' ? '#a8a49e' : '#6f6a62';
  const grid = scheme === 'dark' ? '#34322f' : '#e9e6e1';
  const axis = { font: AXIS_FONT, stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  return {
    ...size,
    scales: { x: { time: false } },
    cursor: { drag: { x: true, y: false }, focus: { prox: 24 } },
    focus: { alpha: 0.35 },
    legend: { live: true },
    hooks: { setScale: [(chart, key) => key === 'x' && onView(enlargedView(chart))] },
    axes: [
      {
        ...axis,
        label: 'Step',
        labelFont: AXIS_FONT,
        labelSize: 20,
        size: 36,
        values: (_, steps) => steps.map((step) => (Number.isInteger(step) ? formatCount(step) : '')),
      },
      { ...axis, size: 58, values: (_, values, _axis, _space, increment) => formatAxis(values, increment) },
    ],
    series: [
      { label: 'Step', value: (_, step: number | null) => (step === null ? 'last' : formatCount(step)) },
      ...series,
    ],
  };
}

/** A wheel that turns sideways, or with Shift, moves the view; with Ctrl it enlarges. @returns Whether it did. */
function moveByWheel(chart: UPlot, event: WheelEvent): boolean {
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (event.ctrlKey) zoom(chart, event.deltaY < 0 ? ZOOM_FACTOR : 1 / ZOOM_FACTOR, stepUnder(chart, event));
  else if (sideways !== 0) pan(chart, sideways / chart.over.clientWidth);
  return event.ctrlKey || sideways !== 0;
}

function stepUnder(chart: UPlot, { clientX }: WheelEvent): number {
  return chart.posToVal(clientX - chart.over.getBoundingClientRect().left, 'x');
}
