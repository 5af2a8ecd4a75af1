/** The plots of docs/performance.md: decode time by catalogue size, and users per second by batch size. */
import type { TrieRows } from '../models/decoding/trie';
import { clusteredRows, uniformRows } from './catalogues';
import { measureDecoding, PEER_ITEMS } from './decoding';
import { median, quantile, type Timing } from './harness';
import { type Plot, writePlots } from './svg';

const CATALOGUE_SIZES = [1000, 10_000, 100_000, 1_000_000];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32];

/** @returns The paths of the files. */
export async function drawPlots(dir: string): Promise<string[]> {
  return writePlots(dir, { 'decode-time.svg': await decodeTimePlot(), 'users-per-second.svg': await throughputPlot() });
}

async function decodeTimePlot(): Promise<Plot> {
  const [p50, p95]: [number, number][][] = [[], []];
  for (const items of CATALOGUE_SIZES) {
    const times = await timesOf(clusteredRows(items, 'paper'), 1, { warmUp: 20, calls: 200 });
    p50.push([items, median(times)]);
    p95.push([items, quantile(times, 0.95)]);
  }
  return {
    title: "One user's decode time by catalogue size",
    x: { label: 'items', scale: 'log' },
    y: { label: 'ms', scale: 'linear' },
    series: [
      { label: 'p50', points: p50 },
      { label: 'p95', points: p95 },
    ],
  };
}

async function throughputPlot(): Promise<Plot> {
  const points: [number, number][] = [];
  for (const users of BATCH_SIZES) {
    const times = await timesOf(uniformRows(PEER_ITEMS, 'paper'), users, { warmUp: 3, calls: 20 });
    points.push([users, (1000 * users) / median(times)]);
  }
  return {
    title: 'Users per second by batch size',
    x: { label: 'users decoded together', scale: 'log', base: 2 },
    y: { label: 'users / s', scale: 'linear' },
    series: [{ label: 'beam 20, 81 tokens, 12,101 items', points }],
  };
}

/** @returns Milliseconds of each call of preset `paper`, on one core. */
async function timesOf(rows: TrieRows, users: number, timing: Timing): Promise<number[]> {
  const times = await measureDecoding({ preset: 'paper', rows, users, threads: 'one' }, timing);
  return times.map(({ ms }) => ms);
}
