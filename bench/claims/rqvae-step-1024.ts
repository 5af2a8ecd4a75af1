/** One RQ-VAE update against PyTorch's. */
import type { Variable } from '@tensorflow/tfjs';

import type { Device } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { createRandom } from '../../models/math/random';
import { createRqvae } from '../../models/semantic-id/rqvae';
import { compileRqvae, createRqvaeOptimisers } from '../../models/training/rqvae-steps';
import type { Claim, Figures } from '../claim';
import { trainingDevice } from '../devices';
import { median, timeCalls } from '../harness';

const BATCH = 1024;
const BATCHES = 8;

export const rqvaeStep: Claim = {
  name: 'rqvae-step-1024',
  what: 'RQ-VAE step, batch 1024, 128 → 512 → 256 → 128 → 32 and back, 3 × 256 codes',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1 }],
  measure,
  peer: {
    kind: 'torch',
    script: 'bench_rqvae.py',
    args: ['--batch', String(BATCH), '--input', '128', '--steps', '100'],
    figure: ({ step_ms }) => step_ms?.median ?? NaN,
  },
};

async function measure(): Promise<Figures> {
  const { tokenizer } = presetConfig('paper');
  const { featureSize, weightDecay, commitmentCost, learningRate } = tokenizer;
  const device = await trainingDevice();
  const params = createRqvae(tokenizer, featureSize, 1);
  for (const codebook of params.codebooks) fillNormal(device, codebook, 0.1);
  const { step } = compileRqvae(device, params, createRqvaeOptimisers(params, weightDecay), commitmentCost);
  const batches = Array.from({ length: BATCHES }, (_, seed) => normal(BATCH * featureSize, 1, seed));
  const times = await timeCalls(
    (call) =>
      step.run({
        x: { shape: [BATCH, featureSize], data: batches[call % BATCHES] },
        learningRate: { shape: [], data: Float32Array.of(learningRate) },
        step: { shape: [], data: Float32Array.of(call + 1) },
        codebookStep: { shape: [], data: Float32Array.of(call + 1) },
      }),
    { warmUp: 10, calls: 100 },
  );
  return { value: median(times) };
}

function fillNormal(device: Device, variable: Variable, deviation: number): void {
  device.write(variable, normal(variable.size, deviation, 9));
}

function normal(size: number, deviation: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal() * deviation);
}
