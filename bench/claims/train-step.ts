/** The full-size training step against PyTorch, under several settings that are equal on both sides. */
import type { Claim, Figures, Threads, TorchPeer } from '../claim';
import { benchDevice } from '../devices';
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
const BASE_STEP: StepSettings = { preset: 'base', batchSize: 10, items: ITEMS };

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
  against('train-step-64-one-core', 'the first on one core', { ...PAPER, threads: 'one' }, 0.9),
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

/** `maxRSS` is the highest resident memory that this process had so far, in KiB. */
function withPeak(figures: Figures): Figures {
  return { ...figures, notes: { ...figures.notes, peakRssMb: process.resourceUsage().maxRSS / 1024 } };
}
