/** The steps of `npm run bench -- --only scale`, each a process of its own: a generated shop from its import to lists. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { createModel, weightsOf } from '../models/checkpoint/model-weights';
import { presetConfig } from '../models/config';
import { chooseMixture, planReport, reportOn } from '../models/evaluation/report';
import { chooseCounts } from '../models/training/counted-evidence';
import { type FitInput, type FitRun, splitOf } from '../models/training/fit-input';
import { learnItems } from '../models/training/learn-items';
import { openSearched } from '../models/training/measure-model';
import { SpectralVectors } from '../models/training/start-weights';
import { trainSeq2Seq } from '../models/training/train-seq2seq';
import { importDataset } from '../src/datasets/import-dataset';
import { readDataset } from '../src/datasets/read-dataset';
import { type Database, openDatabase } from '../src/storage/database';
import { storedVectorDims } from '../src/storage/item-rows';
import { lastInteractionId, lastItemId } from '../src/storage/last-ids';
import { buildTrainRequest, type DataScope } from '../src/training/training-data';
import { unpackLog } from '../src/workers/packed-data';
import { benchDevice } from './devices';
import { measureServer } from './scale-server';
import { writeScaleShop } from './scale-shop';
import { makeLive } from './shop';
import { databaseUrl } from './shop-address';

/** A measured part of a step. */
export interface Stage {
  readonly name: string;
  readonly seconds: number;
  /** Null: other processes took it. */
  readonly cpuSeconds: number | null;
  /** The most memory that the process had in this stage, in megabytes; of a server as it is then. */
  readonly peakMb: number | null;
}

interface Shop {
  readonly dir: string;
  readonly items: number;
}

type Step = (shop: Shop, stages: Stages) => Promise<void>;

/** In their order. All need the import; updates and evaluation need the tokenizer, too. */
const STEPS: Readonly<Record<string, Step>> = {
  generate,
  import: importShop,
  start: (shop, stages) => withInput(shop, stages, measureStart),
  tokenizer: (shop, stages) => withInput(shop, stages, measureTokenizer),
  updates: (shop, stages) => withInput(shop, stages, measureUpdates),
  evaluation: (shop, stages) => withInput(shop, stages, measureEvaluation),
  serve,
};

export const SCALE_STEPS = Object.keys(STEPS);

/** Measures one step in this process. */
export async function measureScale(step: string, dir: string, items: string): Promise<readonly Stage[]> {
  const stages = new Stages();
  await mkdir(dir, { recursive: true });
  await STEPS[step]({ dir, items: Number(items) }, stages);
  return stages.measured;
}

/** A shop that is there stays. */
async function generate({ dir, items }: Shop, stages: Stages): Promise<void> {
  const shop = join(dir, 'shop');
  if (existsSync(join(shop, 'vectors.json'))) return; // it is written last
  await stages.measure('generate the shop', () => writeScaleShop(shop, items));
}

/** Imports into an empty database. */
async function importShop({ dir }: Shop, stages: Stages): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(join(dir, `shop.db${end}`), { force: true });
  await withDatabase(dir, async (database) => {
    const dataset = await stages.measure('check the folder', () => readDataset(join(dir, 'shop')));
    await stages.measure('import it', () => importDataset(database, dataset));
  });
}

async function withDatabase<T>(dir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(databaseUrl(dir));
  try {
    return await work(database);
  } finally {
    await database.dispose();
  }
}

type Measure = (input: FitInput, run: FitRun, stages: Stages) => Promise<void>;

/** Reads what a training learns from, and measures with it. The job's folder keeps the tokenizer. */
async function withInput({ dir }: Shop, stages: Stages, measure: Measure): Promise<void> {
  const jobDir = join(dir, 'job');
  await mkdir(jobDir, { recursive: true });
  const input = await stages.measure('read the rows', () =>
    withDatabase(dir, async (database): Promise<FitInput> => {
      const { read } = database;
      const lastIds = { lastItemId: await lastItemId(read), lastInteractionId: await lastInteractionId(read) };
      const config = presetConfig('base', { numItems: lastIds.lastItemId }) as object as DataScope['config'];
      const request = await buildTrainRequest(database, { id: 1, tokenizerId: null, config, ...lastIds }, jobDir);
      return { ...request, log: unpackLog(request.log) };
    }),
  );
  const onWarning = (text: string) => void process.stderr.write(`${text}\n`);
  const { signal } = new AbortController();
  await measure(input, { device: await benchDevice('all'), signal, onProgress: () => undefined, onWarning }, stages);
}

async function measureStart(input: FitInput, { signal }: FitRun, stages: Stages): Promise<void> {
  const spectral = spectralOf(input);
  await stages.measure('start vectors', () => void spectral.of(input.config.tokenizer.collaborativeSize));
  await stages.measure('neighbours', () => void chooseCounts(input.log, splitOf(input), input.itemIds.length, signal));
}

function spectralOf(input: FitInput): SpectralVectors {
  return new SpectralVectors({
    log: input.log,
    split: splitOf(input),
    numItems: input.itemIds.length,
    seed: input.config.seed,
  });
}

/** The start vectors are worked out anew, and are not part of the stage. */
async function measureTokenizer(input: FitInput, run: FitRun, stages: Stages): Promise<void> {
  for (const state of ['tokenizer', 'tokenizer-state'])
    await rm(join(input.jobDir, state), { recursive: true, force: true });
  const spectral = spectralOf(input);
  spectral.of(input.config.tokenizer.collaborativeSize);
  await stages.measure('tokenizer', async () => void (await learnItems(input, run, spectral)));
}

/** Updates take as long whatever the weights are: they begin at random. */
async function measureUpdates(input: FitInput, run: FitRun, stages: Stages): Promise<void> {
  const { semanticIds } = await learnItems(input, run, spectralOf(input));
  const { config, log } = input;
  const model = createModel(config, semanticIds.length);
  const source = { model, log, split: splitOf(input), semanticIds, seed: config.seed };
  const reports = await stages.measure(`${UPDATES} updates`, () => firstUpdates(source, run.device));
  const [first, last] = [reports.find(({ step }) => step >= WARM_UP)!, reports.at(-1)!];
  const seconds = (last.ms - first.ms) / 1000 / (last.step - first.step);
  stages.add({ name: 'an update, mean after the first', seconds, cpuSeconds: null, peakMb: null });
}

const UPDATES = 200;
/** The first updates compile. */
const WARM_UP = 30;

/** @returns The numbers of updates that were reported, and when. */
async function firstUpdates(
  source: Parameters<typeof trainSeq2Seq>[0]['source'],
  device: FitRun['device'],
): Promise<{ readonly step: number; readonly ms: number }[]> {
  const abort = new AbortController();
  const { training: config } = presetConfig('base');
  const reports: { readonly step: number; readonly ms: number }[] = [];
  await trainSeq2Seq({
    ...{ device, source, config, resume: null, signal: abort.signal },
    validate: () => Promise.resolve([]),
    onProgress: ({ step }) => {
      reports.push({ step, ms: performance.now() });
      if (step >= UPDATES) abort.abort();
    },
    onState: () => Promise.resolve(),
  }).catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });
  return reports;
}

/** The weights are random, and no thread helps: a training's takes as long or less. */
async function measureEvaluation(input: FitInput, run: FitRun, stages: Stages): Promise<void> {
  const { semanticIds, texts } = await learnItems(input, run, spectralOf(input));
  const { config, log, itemIds, vectors } = input;
  const split = splitOf(input);
  const counted = chooseCounts(log, split, itemIds.length, run.signal);
  const model = createModel(config, itemIds.length);
  const { codebookSize } = model.vocabulary;
  const ranker = openSearched(
    {
      ...{ config, itemIds, ...counted },
      weights: weightsOf(model, run.device),
      itemTexts: texts?.itemTable(vectors) ?? null,
      evaluation: { log, split, semanticIds, codebookSize, seed: config.seed },
    },
    run.device,
  );
  await stages.measure('evaluation', async () => {
    const report = { ...input, ...run, ranker, texts, neighbours: counted.neighbours, onProgress: () => undefined };
    const plan = planReport(report);
    const { compare } = await reportOn(report, plan, await chooseMixture(report, plan));
    await compare();
  });
}

/** Makes a model with random weights live where none is. */
async function serve({ dir, items }: Shop, stages: Stages): Promise<void> {
  await withDatabase(dir, async (database) => {
    if ((await database.read.modelVersion.count()) > 0) return;
    const numItems = await lastItemId(database.read);
    await stages.measure('make a model live', async () =>
      makeLive(database, dir, numItems, (await storedVectorDims(database.read))!),
    );
  });
  stages.add(...(await measureServer(dir, items)));
}

class Stages {
  readonly measured: Stage[] = [];

  async measure<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    forgetPeak();
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    const result = await work();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - begin) / 1000;
    this.add({ name, seconds, cpuSeconds: (user + system) / 1e6, peakMb: peakMb() });
    return result;
  }

  add(...stages: readonly Stage[]): void {
    for (const stage of stages) process.stderr.write(`${JSON.stringify(stage)}\n`);
    this.measured.push(...stages);
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
