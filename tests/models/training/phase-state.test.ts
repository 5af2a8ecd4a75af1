import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { loadCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { checkFinite, checkStep, DivergedError } from '../../../models/training/phase-state';
import { fitLittle } from '../../support/little-training';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
let device: Device;

beforeAll(async () => void (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));

afterAll(() => device.dispose());

const TINY = presetConfig('tiny');
const ABSURD_RATE = 1e30;

describe('a training that diverges', () => {
  it.each([
    ['training', 'seq2seq-state'],
    ['tokenizer', 'tokenizer-state'],
  ] as const)('ends the job, when it is the %s, and saves nothing broken', async (part, state) => {
    const config = { ...TINY, [part]: { ...TINY[part], learningRate: ABSURD_RATE } };
    const jobDir = join(root, part);
    const error = await fitLittle(device, jobDir, { config }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DivergedError);
    expect((error as Error).message).toMatch(/^the training diverged at step \d+/);
    expect(existsSync(join(jobDir, 'checkpoint'))).toBe(false);
    const { tensors } = await loadCheckpoint(join(jobDir, state));
    const values = Object.values(tensors.state).flatMap(({ data }) => Array.from(data));
    expect(values.every(Number.isFinite)).toBe(true);
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
      new DivergedError(
        `the training diverged at step 7 (learning rate 0.5): ${figures}; train again with another seed`,
      ),
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
