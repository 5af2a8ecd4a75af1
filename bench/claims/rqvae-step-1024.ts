/** One RQ-VAE update against PyTorch's. */
import { hostScalar } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { createRandom } from '../../models/math/random';
import { createRqvae } from '../../models/semantic-id/rqvae';
import { compileRqvae, createRqvaeOptimisers } from '../../models/training/rqvae-steps';
import type { Claim, Figures, Threads } from '../claim';
import { benchDevice } from '../devices';
import { figuresFrom, measureCalls } from '../harness';

const BATCH = 1024;
const BATCHES = 8;

export const rqvaeClaims: readonly Claim[] = [
  against('rqvae-step-1024', 'all'),
  against('rqvae-step-1024-one-core', 'one'),
];

function against(name: string, threads: Threads): Claim {
  const cores = threads === 'one' ? 'one core' : 'all cores';
  return {
    name,
    what: `RQ-VAE step, batch 1024, 128 → 512 → 256 → 128 → 32 and back, 3 × 256 codes, ${cores}`,
    unit: 'ms',
    limits: [{ on: 'ratio', atMost: 1 }],
    measure: () => measure(threads),
    peer: {
      kind: 'torch',
      script: 'bench_rqvae.py',
      args: ['--batch', String(BATCH), '--input', '128', '--steps', '60'],
      threads,
      figure: ({ step_ms }) => step_ms?.median ?? NaN,
    },
  };
}

async function measure(threads: Threads): Promise<Figures> {
  const { tokenizer } = presetConfig('paper');
  const { featureSize, weightDecay, commitmentCost, learningRate } = tokenizer;
  const device = await benchDevice(threads);
  const params = createRqvae(tokenizer, featureSize, 1);
  for (const codebook of params.codebooks) device.write(codebook, normal(codebook.size, 0.1, 9));
  const { step } = compileRqvae(device, params, createRqvaeOptimisers(params, weightDecay), commitmentCost);
  const batches = Array.from({ length: BATCHES }, (_, seed) => normal(BATCH * featureSize, 1, seed));
  const times = await measureCalls(
    (call) =>
      step.run({
        x: { shape: [BATCH, featureSize], data: batches[call % BATCHES] },
        learningRate: hostScalar(learningRate),
        step: hostScalar(call + 1),
        codebookStep: hostScalar(call + 1),
      }),
    { warmUp: 10, calls: 60 },
  );
  return figuresFrom(times, threads);
}

function normal(size: number, deviation: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal() * deviation);
}
