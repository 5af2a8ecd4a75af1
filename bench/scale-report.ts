/**
 * `npm run bench -- --only scale`: the same generated shop at several sizes. With `--dir` it keeps what the steps make and how long they
 * took, so that they can be measured one by one: the table and the plots have all that was measured there.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatTable } from '../src/commands/text-table';
import { SCALE_STEPS, type Stage } from './scale';
import { type Plot, type Series, writePlots } from './svg';

export const SCALE = 'scale';

interface ScaleOptions {
  readonly sizes: readonly number[];
  /** Absent: all. */
  readonly steps?: readonly string[];
  /** The folder of the shops, `scale-1m` in it; absent: a temporary one, which is removed. */
  readonly dir?: string;
  /** Where the plots go; absent: none is drawn. */
  readonly plots?: string;
  readonly json?: boolean;
}

interface MeasuredShop {
  readonly items: number;
  readonly stages: readonly Stage[];
}

type MeasureChild = (args: readonly string[]) => Promise<unknown>;

/** @param inChild - Runs `measureScale` in a process of its own. */
export async function reportScale(options: ScaleOptions, inChild: MeasureChild): Promise<void> {
  const { sizes, steps = SCALE_STEPS, dir, plots, json } = options;
  const root = dir ?? (await mkdtemp(join(tmpdir(), 'tigerql-scale-')));
  const all: MeasuredShop[] = [];
  try {
    for (const items of sizes) {
      process.stderr.write(`${items} items …\n`);
      const shopDir = join(root, `scale-${items < 1e6 ? `${items / 1e3}k` : `${items / 1e6}m`}`);
      for (const step of steps) {
        const stages = (await inChild([SCALE, step, shopDir, String(items)])) as Stage[];
        await keepStages(shopDir, step, stages);
      }
      const kept = await keptStages(shopDir);
      const stages = SCALE_STEPS.flatMap((step) => kept[step] ?? []);
      all.push({ items, stages });
      if (json) process.stdout.write(`${JSON.stringify({ items, stages })}\n`);
      if (dir === undefined) await rm(shopDir, { recursive: true });
    }
  } finally {
    if (dir === undefined) await rm(root, { recursive: true, force: true });
  }
  if (!json) process.stdout.write(`\n${scaleTable(all)}\n`);
  if (plots !== undefined) await writePlots(plots, scalePlots(all));
}

type KeptStages = Readonly<Record<string, readonly Stage[]>>;

const KEPT = 'stages.json';

async function keptStages(shopDir: string): Promise<KeptStages> {
  const text = await readFile(join(shopDir, KEPT), 'utf8').catch(() => '{}');
  return JSON.parse(text) as KeptStages;
}

async function keepStages(shopDir: string, step: string, stages: readonly Stage[]): Promise<void> {
  if (stages.length === 0) return; // a shop that was generated before
  const kept = { ...(await keptStages(shopDir)), [step]: stages };
  await writeFile(join(shopDir, KEPT), `${JSON.stringify(kept, null, 2)}\n`);
}

function scaleTable(all: readonly MeasuredShop[]): string {
  const header = ['stage', ...all.flatMap(({ items }) => [`${items / 1000}k: s`, 'CPU-s', 'MB'])];
  const names = new Set(all.flatMap(({ stages }) => stages.map(({ name }) => name)));
  const rows = [...names].map((name) => [
    name,
    ...all.flatMap(({ stages }) => {
      const stage = stages.find((one) => one.name === name);
      return [
        stage?.seconds.toPrecision(3) ?? null,
        stage?.cpuSeconds?.toPrecision(3) ?? null,
        stage?.peakMb?.toFixed(0) ?? null,
      ];
    }),
  ]);
  return formatTable(header, rows);
}

const PLOTTED = ['import it', 'start vectors', 'neighbours', 'tokenizer', 'evaluation'];

function scalePlots(all: readonly MeasuredShop[]): Record<string, Plot> {
  const plotOf = (label: string, valueOf: (stage: Stage) => number | null): Plot => ({
    title: `${label} by the number of items`,
    x: { label: 'items', scale: 'log' },
    y: { label, scale: 'log' },
    series: PLOTTED.map((name) => seriesOf(all, name, valueOf)),
  });
  return {
    'scale-time.svg': plotOf('CPU-seconds', ({ cpuSeconds }) => cpuSeconds),
    'scale-memory.svg': plotOf('MB', ({ peakMb }) => peakMb),
  };
}

function seriesOf(all: readonly MeasuredShop[], name: string, valueOf: (stage: Stage) => number | null): Series {
  const points = all.flatMap(({ items, stages }) => {
    const stage = stages.find((one) => one.name === name);
    const value = stage === undefined ? null : valueOf(stage);
    return value === null ? [] : [[items, value] as const];
  });
  return { label: name, points };
}
