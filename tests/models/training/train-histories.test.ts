import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import type { BatchSource } from '../../../models/data/sequence-batches';
import type { JudgedUser } from '../../../models/evaluation/choose-weights';
import type { HeldOutRanker } from '../../../models/evaluation/held-out-ranker';
import type { FitInput, FitProgress } from '../../../models/training/fit-input';
import { learnHeldOut, learnHistories, withinBudget } from '../../../models/training/train-histories';
import { candidatesOf } from '../../support/candidates';
import { idsOf, walkingLog } from '../../support/little-log';
import { temporaryFolder } from '../../support/temporary-folder';

const CONFIG = presetConfig('tiny');
const TWO_EPOCHS = { ...CONFIG.training, epochs: 2 };
const SECOND = 1 / Math.log2(3);

let device: Device;
let jobDir: string;
let reports: FitProgress[];
let numStates: number;

beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());
beforeEach(() => {
  jobDir = temporaryFolder();
  [reports, numStates] = [[], 0];
});

function sourceOf(): BatchSource {
  const log = walkingLog(24, 7, 20);
  return { model: createModel(CONFIG, 20), log, split: splitLog(log), semanticIds: idsOf(20), seed: 1 };
}
const input = () => ({ config: CONFIG, jobDir }) as FitInput;
const run = () => ({
  device,
  signal: new AbortController().signal,
  onProgress: (progress: FitProgress) => void reports.push(progress),
  onWarning: (message: string) => fail(message),
  onState: () => Promise.resolve(void numStates++),
});

/** A ranker that has found this for the validation users. */
const rankerOf = (users: readonly JudgedUser[]) =>
  ({ hasItemHead: true, rank: () => Promise.resolve(users) }) as unknown as HeldOutRanker;

describe('learnHistories', () => {
  // Item 1 is wanted. The item head has it first, and the decoder, whose prior share is a ninth, is sure of another.
  const candidates = candidatesOf({ decoder: { 0: 0.9, 1: 0.1 }, itemHead: { 0: 0.45, 1: 0.46 } });
  const users = Array<JudgedUser>(3).fill({ candidates, targets: [1] });

  it('reports each validation of the lists that would be served and of each head, and goes on from its state', async () => {
    const validations = await learnHistories(input(), run(), sourceOf(), TWO_EPOCHS, rankerOf(users));
    const figures = [
      { name: 'validation.ndcg@10', value: SECOND },
      { name: 'validation.decoder.ndcg@10', value: SECOND },
      { name: 'validation.item-head.ndcg@10', value: 1 },
    ];
    expect(validations).toEqual([figures, figures, figures]); // two epochs, and the mean of their weights
    expect(new Set(reports.map(({ phase }) => phase))).toEqual(new Set(['SEQ2SEQ']));
    const last = reports.at(-1)!;
    const reported = last.metrics.map(({ name, value }) => ({ name, value }));
    expect(reported).toEqual([{ name: 'learningRate', value: expect.any(Number) }, ...figures]);
    expect(existsSync(join(jobDir, 'seq2seq-state', 'manifest.json'))).toBe(true);
    expect(numStates).toBeGreaterThan(2);
    reports = [];
    expect(await learnHistories(input(), run(), sourceOf(), TWO_EPOCHS, rankerOf(users))).toEqual(validations);
    expect(reports.every(({ step }) => step === last.totalSteps)).toBe(true);
  });
});

describe('learnHeldOut', () => {
  it('goes over the histories once more, with a small rate from the first step on', async () => {
    await learnHeldOut(input(), run(), sourceOf());
    expect(existsSync(join(jobDir, 'refresh-state'))).toBe(true);
    expect(new Set(reports.map(({ phase }) => phase))).toEqual(new Set(['REFRESH']));
    const rates = reports.flatMap(({ metrics }) => metrics.map(({ value }) => value));
    expect(rates[0]).toBeLessThanOrEqual(0.3 * CONFIG.training.learningRate);
    expect(rates[0]).toBeGreaterThan(0.15 * CONFIG.training.learningRate);
    expect(reports.at(-1)!.totalSteps).toBeLessThan(10);
  });
});

describe('withinBudget', () => {
  it('goes over many interactions less often, and says so', () => {
    const warnings: string[] = [];
    const twenty = { ...CONFIG.training, epochs: 20 };
    const { epochs, ...rest } = withinBudget(twenty, 4_000_000, (message) => warnings.push(message));
    expect(epochs).toBe(10);
    expect(warnings).toEqual([expect.stringMatching(/4000000 interactions .* over them 10 times, not 20$/)]);
    expect(rest).toEqual({ ...twenty, epochs: undefined });
  });
});

function fail(message: string): never {
  throw new Error(`expected no warning, got ${message}`);
}
