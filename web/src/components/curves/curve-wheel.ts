/** What a turn of the wheel does to a chart. */
import type UPlot from 'uplot';

import { pan, zoom, ZOOM_FACTOR } from './curve-view';

/** A wheel that turns sideways, or with Shift, moves the view; with Ctrl it enlarges. @returns Whether it did. */
export function moveByWheel(chart: UPlot, event: WheelEvent): boolean {
  const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
  if (event.ctrlKey) zoom(chart, event.deltaY < 0 ? ZOOM_FACTOR : 1 / ZOOM_FACTOR, stepUnder(chart, event));
  else if (sideways !== 0) pan(chart, sideways / chart.over.clientWidth);
  return event.ctrlKey || sideways !== 0;
}

function stepUnder(chart: UPlot, { clientX }: WheelEvent): number {
  return chart.posToVal(clientX - chart.over.getBoundingClientRect().left, 'x');
}
