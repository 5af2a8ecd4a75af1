/** The full-size training step against PyTorch, under several settings that are equal on both sides, and against the machine's limit. */
import * as tf from '@tensorflow/tfjs-core';

import type { Device } from '../../models/compute/device';
import { presetConfig } from '../../models/config';
import { NUM_LEVELS } from '../catalogues';
import type { Claim, Figures, Threads, TorchPeer } from '../claim';
import { benchDevice } from '../devices';
import { trainingStepFlops } from '../flops';
import { figuresFrom, measureCalls, median, timeCalls } from '../harness';
import { microBatchStep, PAPER_STEP, wholeStep, type StepSettings } from '../training-step';

interface StepRow {
  readonly settings: StepSettings;
  readonly threads: Threads;
  /** Arguments of the peer besides the same batch on the same threads. */
  readonly peerArgs: readonly string[];
}

const PAPER: StepRow = { settings: PAPER_STEP, threads: 'all', peerArgs: [] };
const ITEMS = 12_101;
const BASE_STEP: StepSettings = { preset: 'base', batchSize: 10, items: ITEMS, hasDropout: true };

export const stepClaims: readonly Claim[] = [
  against(
    'train-step-64',
    'preset paper, batch 64, 81 + 4 tokens; both share dropout masks along a sequence',
    PAPER,
    0.8,
  ),
  against(
    'train-step-64-own-masks',
    "the same; the peer's every element draws a number of its own",
    { ...PAPER, peerArgs: ['--dropout', 'each'] },
    0.8,
  ),
  against(
    'train-step-64-no-dropout',
    'the same without dropout',
    { ...PAPER, settings: { ...PAPER_STEP, hasDropout: false }, peerArgs: ['--dropout', 'none'] },
    0.9,
  ),
  against('train-step-64-one-core', 'the same with dropout on one core', { ...PAPER, threads: 'one' }, 0.9),
  against(
    'train-step-64-fastest',
    'the same; the peer is the fastest of float32, bfloat16 autocast and torch.compile on this machine',
    { ...PAPER, peerArgs: ['--fastest'] },
    null,
  ),
  against(
    'train-step-base',
    'preset base with item head, 10 full histories, 500 targets, 12,101 items',
    { settings: BASE_STEP, threads: 'all', peerArgs: ['--base', String(ITEMS)] },
    0.9,
  ),
];

export const trainStepPieces: Claim = {
  name: 'train-step-256',
  what: 'training step: the first at batch 256, in pieces whose gradients are summed',
  unit: 'ms',
  limits: [
    { on: 'ratio', atMost: 1.1 },
    { on: { note: 'peakRssMb' }, atMost: 2048 },
  ],
  measure: async () => {
    const step = microBatchStep(await benchDevice('all'), { ...PAPER_STEP, batchSize: 256 });
    return withPeak({ value: median(await timeCalls(step, { warmUp: 1, calls: 2 })) });
  },
  peer: torchStep({ ...PAPER, settings: { ...PAPER_STEP, batchSize: 256 } }, 2),
};

/** @param atMost - Limit of the ratio; null: the row only shows it. */
function against(name: string, what: string, row: StepRow, atMost: number | null): Claim {
  return {
    name,
    what: `training step: ${what}`,
    unit: 'ms',
    limits: atMost === null ? [] : [{ on: 'ratio', atMost }],
    measure: async () => {
      const step = wholeStep(await benchDevice(row.threads), row.settings);
      return withPeak(figuresFrom(await measureCalls(step, { warmUp: 2, calls: 5 }), row.threads));
    },
    peer: torchStep(row, 5),
  };
}

export const gemmShare: Claim = {
  name: 'train-step-64-gemm-share',
  what: "that step's FLOP/s over the runtime's own in large matrix products",
  unit: 'GFLOP/s',
  limits: [{ on: 'ratio', atLeast: 0.6 }],
  measure: async () => {
    const device = await benchDevice('all');
    const stepMs = median(await timeCalls(wholeStep(device, PAPER_STEP), { warmUp: 2, calls: 5 }));
    const { seq2seq, tokenizer } = presetConfig('paper');
    const sizes = {
      batch: 64,
      source: 1 + seq2seq.maxHistory * NUM_LEVELS,
      levels: NUM_LEVELS,
      codesPerLevel: tokenizer.codebookSize,
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

function torchStep({ settings, threads, peerArgs }: StepRow, steps: number): TorchPeer {
  return {
    kind: 'torch',
    script: 'bench_train.py',
    args: ['--batch', String(settings.batchSize), '--steps', String(steps), '--warmup', '2', ...peerArgs],
    threads,
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
  return { ...figures, notes: { ...figures.notes, peakRssMb: process.resourceUsage().maxRSS / 1024 } };
}
