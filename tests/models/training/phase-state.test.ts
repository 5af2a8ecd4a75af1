import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { readState, saveState, checkFinite, checkStep, DivergedError } from '../../../models/training/phase-state';
import { faultyDevice } from '../../support/faulty-device';
import { fitLittle } from '../../support/little-training';

let root: string;
let device: Device;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tigerql-state-'));
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
});

afterAll(async () => {
  device.dispose();
  await rm(root, { recursive: true });
});

const stateAt = (step: number) => ({
  position: { step },
  tensors: { weights: { shape: [2], data: Float32Array.of(step, 0.5) } },
});

describe('saveState and readState', () => {
  it('give back the position and the tensors of the latest save', async () => {
    const dir = join(root, 'phase');
    for (const step of [10, 20]) await saveState(dir, stateAt(step));
    expect(await readState(dir)).toEqual(stateAt(20));
  });

  it('put back the copy that a process left which was killed while it replaced the state', async () => {
    const dir = join(root, 'killed');
    await saveState(dir, stateAt(30));
    await rename(dir, join(root, '.killed.1.old'));
    expect(await readState(dir)).toEqual(stateAt(30));
  });
});

const TINY = presetConfig('tiny');
const ABSURD_RATE = 1e30;
const HALVED = { isFinite: true, position: { rateScale: 0.5 } };

/** The last state of a phase. */
async function stateIn(jobDir: string, phase: 'seq2seq-state' | 'tokenizer-state') {
  const { tensors, documents } = await loadCheckpoint(join(jobDir, phase));
  const values = Object.values(tensors.state).flatMap(({ data }) => Array.from(data));
  return {
    isFinite: values.every(Number.isFinite),
    position: documents.position as { step: number; rateScale?: number },
  };
}

/** Trains in a folder of its own until it fails. */
async function failIn(name: string, changes: Parameters<typeof fitLittle>[2]) {
  const jobDir = join(root, name);
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const error = await fitLittle(device, jobDir, { ...changes, onWarning }).catch((reason: unknown) => reason);
  return { jobDir, warnings, error };
}

describe('withSecondTry', () => {
  it.each(['training', 'tokenizer'] as const)(
    'ends a job whose %s diverges twice, and saves nothing broken',
    async (part) => {
      const config = { ...TINY, [part]: { ...TINY[part], learningRate: ABSURD_RATE } };
      const { jobDir, warnings, error } = await failIn(part, { config });
      expect(error).toBeInstanceOf(DivergedError);
      expect((error as Error).message).toMatch(/^the training diverged at step \d+/);
      expect(warnings).toEqual([expect.stringMatching(/goes on from step 0 with half the learning rate$/)]);
      expect(existsSync(join(jobDir, 'checkpoint'))).toBe(false);
      const state = await stateIn(jobDir, part === 'training' ? 'seq2seq-state' : 'tokenizer-state');
      expect(state.isFinite).toBe(true);
    },
  );

  it('goes on from the last state when a step of either training is spoiled', async () => {
    const names = ['train-step-causal-accumulate', 'rqvae-step'];
    const warnings: string[] = [];
    const jobDir = join(root, 'spoiled');
    await fitLittle(
      names.reduce((on, name) => faultyDevice(on, name, 3), device),
      jobDir,
      { onWarning: (message) => void warnings.push(message) },
    );
    const ofTries = warnings.filter((warning) => warning.includes('with half the learning rate'));
    expect(ofTries).toHaveLength(names.length);
    expect(existsSync(join(jobDir, 'checkpoint'))).toBe(true);
    expect(await stateIn(jobDir, 'seq2seq-state')).toMatchObject(HALVED);
  });
});

describe('checkStep', () => {
  const at = { step: 7, learningRate: 0.5 };
  const limits = { loss: 10, gradientNorm: 100 };

  it.each([
    { loss: NaN, gradientNorm: 1 },
    { loss: 11, gradientNorm: 1 },
    { loss: 1, gradientNorm: 101 },
  ])('refuses a step with loss $loss and gradient norm $gradientNorm', (outcome) => {
    const figures = `loss ${outcome.loss}, gradient norm ${outcome.gradientNorm}`;
    expect(() => checkStep(at, outcome, limits)).toThrow(
      new DivergedError(`the training diverged at step 7 (learning rate 0.5): ${figures}`),
    );
  });
});

describe('checkFinite', () => {
  it('names the tensor that is broken', () => {
    const tensors = {
      good: { shape: [1], data: Float32Array.of(1) },
      'weights/a': { shape: [2], data: Float32Array.of(1, NaN) },
    };
    expect(() => checkFinite(3, tensors)).toThrow(
      'the training diverged at step 3: weights/a has values that are not finite',
    );
  });
});
