/** Curves over one axis of steps. Drag to enlarge a part, click twice to see all again. */
import 'uplot/dist/uPlot.min.css';

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import UPlot from 'uplot';

import { formatCount, formatDecimal } from '../format/format';
import classes from './curve-chart.module.css';
import { curveColor } from './curve-colors';
import { alignCurves, type Curve } from './curve-data';

/** With more points than these, dots on a line hide it. */
const MOST_DOTS = 60;

interface CurveChartProps {
  /** What is drawn, for those who do not see it. */
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly height?: number;
}

export function CurveChart({ label, curves, height = 320 }: CurveChartProps) {
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const data = useMemo(() => alignCurves(curves), [curves]);
  const latest = useRef(data);
  latest.current = data;
  const names = JSON.stringify(curves.map((curve) => [curve.id, curve.label]));

  // Another set of curves needs another chart; more points of the same do not.
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const series = (JSON.parse(names) as [string, string][]).map(([, name], index) => seriesOf(name, index, scheme));
    const size = { width: element.clientWidth, height };
    const chart = new UPlot(optionsOf(series, scheme, size), latest.current as UPlot.AlignedData, element);
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
    const { min, max } = chart.scales.x;
    const [before] = chart.data;
    const isEnlarged = before.length > 0 && (min !== before[0] || max !== before[before.length - 1]);
    chart.setData(data as UPlot.AlignedData, !isEnlarged);
  }, [data]);

  return <div ref={place} className={classes.chart} role="img" aria-label={label} style={{ minHeight: height }} />;
}

function seriesOf(label: string, index: number, scheme: 'light' | 'dark'): UPlot.Series {
  return {
    label,
    stroke: curveColor(index, scheme),
    width: 1.75,
    spanGaps: true,
    points: { show: (chart, series) => chart.data[series].length <= MOST_DOTS },
    value: (_, value: number | null) => (value === null ? '–' : formatDecimal(value)),
  };
}

function optionsOf(
  series: UPlot.Series[],
  scheme: 'light' | 'dark',
  size: { width: number; height: number },
): UPlot.Options {
  const text = scheme === 'dark' ? '#a8a49e' : '#6f6a62';
  const grid = scheme === 'dark' ? '#34322f' : '#e9e6e1';
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  return {
    ...size,
    scales: { x: { time: false } },
    cursor: { drag: { x: true, y: false }, focus: { prox: 24 } },
    focus: { alpha: 0.35 },
    legend: { live: true },
    axes: [
      { ...axis, values: (_, steps) => steps.map((step) => (Number.isInteger(step) ? formatCount(step) : '')) },
      { ...axis, size: 58, values: (_, values) => values.map((value) => formatDecimal(value)) },
    ],
    series: [
      { label: 'Step', value: (_, step: number | null) => (step === null ? '–' : formatCount(step)) },
      ...series,
    ],
  };
}
