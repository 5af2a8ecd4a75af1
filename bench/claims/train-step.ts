/** The full-size training step: against PyTorch, against PyTorch at four times the batch, and against the machine's limit. */
import * as tf from '@tensorflow/tfjs';

import type { Device } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { NUM_LEVELS, CODES_PER_LEVEL } from '../catalogues';
import type { Claim, Figures, TorchPeer } from '../claim';
import { trainingDevice } from '../devices';
import { trainingStepFlops } from '../flops';
import { median, timeCalls } from '../harness';
import { microBatchStep, wholeStep } from '../training-step';

export const trainStep: Claim = {
  name: 'train-step-64',
  what: 'training step of preset paper, batch 64, 81 + 4 tokens',
  unit: 'ms',
  limits: [{ on: 'ratio', atMost: 1 }],
  measure: async () => {
    const step = wholeStep(await trainingDevice(), 64);
    return withPeak({ value: median(await timeCalls(step, { warmUp: 2, calls: 8 })) });
  },
  peer: torchStep(64, 8),
};

export const trainStepPieces: Claim = {
  name: 'train-step-256',
  what: 'the same at batch 256, in pieces whose gradients are summed',
  unit: 'ms',
  limits: [
    { on: 'ratio', atMost: 1.1 },
    { on: { note: 'peakRssMb' }, atMost: 2048 },
  ],
  measure: async () => {
    const step = microBatchStep(await trainingDevice(), 256);
    return withPeak({ value: median(await timeCalls(step, { warmUp: 1, calls: 4 })) });
  },
  peer: torchStep(256, 4),
};

export const gemmShare: Claim = {
  name: 'train-step-64-gemm-share',
  what: "that step's FLOP/s over the runtime's own in large matrix products",
  unit: 'GFLOP/s',
  limits: [{ on: 'ratio', atLeast: 0.6 }],
  measure: async () => {
    const device = await trainingDevice();
    const stepMs = median(await timeCalls(wholeStep(device, 64), { warmUp: 2, calls: 8 }));
    const { seq2seq } = presetConfig('paper');
    const sizes = {
      batch: 64,
      source: 1 + seq2seq.maxHistory * NUM_LEVELS,
      levels: NUM_LEVELS,
      codesPerLevel: CODES_PER_LEVEL,
    };
    const flops = trainingStepFlops(seq2seq, sizes);
    return {
      value: flops / stepMs / 1e6,
      peer: await largeProductGflops(device),
      notes: { stepMs, stepGflop: flops / 1e9 },
    };
  },
  peer: { kind: 'beside' },
};

function torchStep(batch: number, steps: number): TorchPeer {
  return {
    kind: 'torch',
    script: 'bench_train.py',
    args: ['--batch', String(batch), '--steps', String(steps), '--warmup', '2'],
    figure: ({ step_ms }) => step_ms?.median ?? NaN,
    notes: ({ peak_rss_mb }) => ({ peakRssMb: peak_rss_mb }),
  };
}

const SIDE = 2048;
/** Several products after one another, so that copies of inputs and results cost little of the time. */
const PRODUCTS = 4;

async function largeProductGflops(device: Device): Promise<number> {
  const right = tf.variable(tf.randomUniform([SIDE, SIDE], -0.02, 0.02, 'float32', 1));
  const compiled = device.compile(
    ({ x }) => {
      let y = x;
      for (let i = 0; i < PRODUCTS; i++) y = tf.matMul(y, right);
      return { y: tf.sum(y) };
    },
    { name: 'large-products', frozen: true },
  );
  const x = { shape: [SIDE, SIDE], data: new Float32Array(SIDE * SIDE).fill(0.5) };
  const times = await timeCalls(() => compiled.run({ x }), { warmUp: 1, calls: 6 });
  return (PRODUCTS * 2 * SIDE ** 3) / median(times) / 1e6;
}

/** `maxRSS` is the highest resident memory that this process had so far, in KiB. */
function withPeak(figures: Figures): Figures {
  return { ...figures, notes: { peakRssMb: process.resourceUsage().maxRSS / 1024 } };
}
