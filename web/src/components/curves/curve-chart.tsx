/** Curves over one axis of steps, or of days, which is enlarged by pointer and keys. */
import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import UPlot from 'uplot';

import { curveColor } from '../../app/theme';
import { formatAxis, formatCount, formatMeasure } from '../format/format';
import classes from './curve-chart.module.css';
import { alignCurves, type Curve } from './curve-data';
import { isEnlarged, moveByKey } from './curve-view';

/** With more points than these, dots on a line hide it. */
const MOST_DOTS = 60;
const AXIS_FONT = "12px 'Inter Variable', system-ui, sans-serif";
const LINE_WIDTH = 1.75;

/** How a chart names its values. */
export interface Axes {
  /** Unit of the steps, in the legend and below the chart. */
  readonly label: string;
  readonly step: (step: number) => string;
  readonly value: (value: number) => string;
  /** Absent: with as many digits as tell the marks apart. */
  readonly marks?: (value: number) => string;
}

const STEPS: Axes = { label: 'Step', step: formatCount, value: formatMeasure };

interface CurveChartProps {
  /** Describes the chart to people who do not see it. */
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
  /** The same object each time; absent: steps and measures. */
  readonly axes?: Axes;
}

export function CurveChart({ label, curves, height = 320, axes = STEPS }: CurveChartProps) {
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const data = useMemo(() => alignCurves(curves), [curves]);
  const latest = useRef(data);
  latest.current = data;
  const names = JSON.stringify(curves.map(({ id, label, color }, index) => [id, label, color ?? index]));

  // Another set of curves needs another chart; more points of the same do not.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = JSON.parse(names) as [string, string, number][];
    const series = drawn.map(([, label, color]) => seriesOf(label, color, scheme, axes));
    const size = { width: element.clientWidth, height };
    const chart = new UPlot(optionsOf(series, scheme, size, axes), latest.current as UPlot.AlignedData, element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [names, scheme, height, axes]);

  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    chart.setData(data as UPlot.AlignedData, !isEnlarged(chart));
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

function seriesOf(label: string, color: number, scheme: 'light' | 'dark', axes: Axes): UPlot.Series {
  return {
    label,
    stroke: curveColor(color, scheme),
    width: LINE_WIDTH,
    spanGaps: true,
    points: { show: (chart, series) => chart.data[series].length <= MOST_DOTS },
    value: (chart, value: number | null, series, at) => {
      const shown = at == null ? lastOf(chart.data[series]) : value;
      return shown == null ? '–' : axes.value(shown);
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
  { label, step, marks }: Axes,
): UPlot.Options {
  const text = scheme === 'dark' ? '#a8a49e' : '#6f6a62';
  const grid = scheme === 'dark' ? '#34322f' : '#e9e6e1';
  const axis = { font: AXIS_FONT, stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  return {
    ...size,
    scales: { x: { time: false } },
    cursor: { drag: { x: true, y: false }, focus: { prox: 24 }, hover: { skip: [undefined, null] } },
    focus: { alpha: 0.35 },
    legend: { live: true },
    axes: [
      {
        ...axis,
        label,
        labelFont: AXIS_FONT,
        labelSize: 20,
        size: 36,
        values: (_, steps) => steps.map((at) => (Number.isInteger(at) ? step(at) : '')),
      },
      {
        ...axis,
        size: 58,
        values: (_, values, _axis, _space, increment) => (marks ? values.map(marks) : formatAxis(values, increment)),
      },
    ],
    series: [{ label, value: (_, at: number | null) => (at === null ? 'last' : step(at)) }, ...series],
  };
}
