/** `npm run bench -- --only scale`: the same generated shop at several sizes, from its import to the first updates of a training. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createModel } from '../models/checkpoint/model-weights';
import { presetConfig } from '../models/config';
import { chooseCounts } from '../models/training/counted-evidence';
import { type FitInput, type FitRun, splitOf } from '../models/training/fit-input';
import { learnItems } from '../models/training/learn-items';
import { SpectralVectors, startWeights } from '../models/training/start-weights';
import { trainSeq2Seq } from '../models/training/train-seq2seq';
import { formatTable } from '../src/commands/text-table';
import { importDataset } from '../src/datasets/import-dataset';
import { readDataset } from '../src/datasets/read-dataset';
import { type Database, openDatabase } from '../src/storage/database';
import { lastInteractionId, lastItemId } from '../src/storage/last-ids';
import { buildTrainRequest, type DataScope } from '../src/training/training-data';
import { unpackLog } from '../src/workers/packed-data';
import { benchDevice } from './devices';
import { writeScaleShop } from './scale-shop';
import { databaseUrl } from './shop-address';

export const SCALE = 'scale';

interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most memory that the process had in this stage, in megabytes. */
  readonly peakMb: number;
}

type MeasureChild = (args: readonly string[]) => Promise<unknown>;

/** @param inChild - Runs `measureScale` in a process of its own. */
export async function reportScale(sizes: readonly number[], inChild: MeasureChild, isJson: boolean): Promise<void> {
  const all: { readonly items: number; readonly stages: readonly Stage[] }[] = [];
  for (const items of sizes) {
    const dir = await mkdtemp(join(tmpdir(), 'tigerql-scale-'));
    try {
      process.stderr.write(`${items} items …\n`);
      await writeScaleShop(join(dir, 'shop'), items);
      const stages: Stage[] = [];
      for (const part of ['import', 'train']) stages.push(...((await inChild([SCALE, part, dir])) as Stage[]));
      all.push({ items, stages });
      if (isJson) process.stdout.write(`${JSON.stringify({ items, stages })}\n`);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
  if (!isJson) process.stdout.write(`\n${scaleTable(all)}\n`);
}

function scaleTable(all: readonly { readonly items: number; readonly stages: readonly Stage[] }[]): string {
  const header = ['stage', ...all.flatMap(({ items }) => [`${items / 1000}k: s`, 'CPU-s', 'MB'])];
  const rows = all[0].stages.map(({ name }, i) => [
    name,
    ...all.flatMap(({ stages }) => {
      const { seconds, cpuSeconds, peakMb } = stages[i];
      return [seconds.toPrecision(3), cpuSeconds.toPrecision(3), peakMb.toFixed(0)];
    }),
  ]);
  return formatTable(header, rows);
}

/** Measures one part in this process. */
export async function measureScale(part: string, dir: string): Promise<Stage[]> {
  const database = await openDatabase(databaseUrl(dir));
  try {
    return part === 'import' ? await measureImport(database, dir) : await measureTraining(database, dir);
  } finally {
    await database.dispose();
  }
}

async function measureImport(database: Database, dir: string): Promise<Stage[]> {
  const stages = new Stages();
  const dataset = await stages.measure('check the folder', () => readDataset(join(dir, 'shop')));
  await stages.measure('import it', () => importDataset(database, dataset));
  return stages.measured;
}

async function measureTraining(database: Database, dir: string): Promise<Stage[]> {
  const stages = new Stages();
  const { read } = database;
  const scope = {
    id: 1,
    tokenizerId: null,
    lastItemId: await lastItemId(read),
    lastInteractionId: await lastInteractionId(read),
  };
  const config = presetConfig('base', { numItems: scope.lastItemId });
  const jobDir = join(dir, 'job');
  await mkdir(jobDir);
  const input: FitInput = await stages.measure('read the rows', async () => {
    const request = await buildTrainRequest(
      database,
      { ...scope, config: config as object as DataScope['config'] },
      jobDir,
    );
    return { ...request, log: unpackLog(request.log) };
  });
  const { log } = input;
  const [split, numItems] = [splitOf(input), input.itemIds.length];
  const device = await benchDevice('all');
  const spectral = new SpectralVectors({ log, split, numItems, seed: config.seed });
  await stages.measure('start vectors', () => void spectral.of(config.tokenizer.collaborativeSize));
  const { signal } = new AbortController();
  await stages.measure('neighbours', () => void chooseCounts(log, split, numItems, signal));
  const run: FitRun = {
    device,
    signal,
    onProgress: () => undefined,
    onWarning: (text) => process.stderr.write(`${text}\n`),
  };
  const { semanticIds } = await stages.measure('tokenizer', () => learnItems(input, run, spectral));
  const model = createModel(config, numItems);
  startWeights(model, device, semanticIds, spectral);
  spectral.dispose();
  const source = { model, log, split, semanticIds, seed: config.seed };
  await stages.measure(`${STEPS} updates`, () => firstUpdates(source, device));
  return stages.measured;
}

/** The first half of them compiles. */
const STEPS = 60;

async function firstUpdates(
  source: Parameters<typeof trainSeq2Seq>[0]['source'],
  device: FitRun['device'],
): Promise<void> {
  const abort = new AbortController();
  const { training: config } = presetConfig('base');
  await trainSeq2Seq({
    ...{ device, source, config, resume: null, signal: abort.signal },
    validate: () => Promise.resolve([]),
    onProgress: ({ step }) => step >= STEPS && abort.abort(),
    onState: () => Promise.resolve(),
  }).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
}

class Stages {
  readonly measured: Stage[] = [];

  async measure<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    forgetPeak();
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - begin) / 1000;
    const stage = { name, seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMb() };
    process.stderr.write(`${JSON.stringify(stage)}\n`);
    this.measured.push(stage);
    return result;
  }
}

/** On Linux a process can forget the most memory that it ever had. */
function forgetPeak(): void {
  globalThis.gc?.();
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024;
}
