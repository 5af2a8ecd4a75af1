import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device, HostTensors } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { epochBatches, type BatchSource } from '../../../models/data/sequence-batches';
import { fillDropoutNoise } from '../../../models/seq2seq/blocks';
import { createAdamW } from '../../../models/training/adamw';
import {
  batchLoss,
  scheduledRate,
  trainingStep,
  trainSeq2Seq,
  type Seq2SeqProgress,
  type Seq2SeqSnapshot,
} from '../../../models/training/train-seq2seq';
import { idsOf, walkingLog } from '../../support/little-log';

const CONFIG = presetConfig('tiny');

function sourceOf(): BatchSource {
  const log = walkingLog(24, 7, 20);
  return { model: createModel(CONFIG, 20), log, split: splitLog(log), semanticIds: idsOf(20), seed: 1 };
}

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

/** A whole training or one that is told to stop; the snapshot is its last. */
async function train(
  options: { epochs?: number; resume?: Seq2SeqSnapshot; stopAtStep?: number; microBatchSize?: number } = {},
) {
  const source = sourceOf();
  const stop = new AbortController();
  const reports: Seq2SeqProgress[] = [];
  let snapshot: Seq2SeqSnapshot | null = null;
  const config = {
    ...CONFIG.training,
    epochs: options.epochs ?? 4,
    microBatchSize: options.microBatchSize ?? 48,
    warmup: 0.2,
    patience: 99,
  };
  const run = trainSeq2Seq({
    device,
    source,
    config,
    validate: () => Promise.resolve([{ name: 'ndcg@10', value: 0 }]),
    onProgress: (progress) => {
      reports.push(progress);
      if (progress.step === options.stopAtStep) stop.abort(new Error('stopped'));
    },
    onSnapshot: (taken) => Promise.resolve(void (snapshot = taken)),
    resume: options.resume ?? null,
    signal: stop.signal,
  });
  const error = await run.then(
    () => null,
    (reason: Error) => reason,
  );
  return { reports, error, snapshot: snapshot as Seq2SeqSnapshot | null };
}

describe('trainSeq2Seq', () => {
  it('learns what comes next', async () => {
    const { reports } = await train({ epochs: 60 });
    expect(reports[0].loss).toBeGreaterThan(1.5); // chance is log 8 = 2.08, or less once most collision tokens are 0
    expect(reports[reports.length - 1].loss).toBeLessThan(0.6 * reports[0].loss);
  });

  it('goes on after a stop to the very same weights and moments', async () => {
    const whole = await train();
    const { error, snapshot } = await train({ stopAtStep: 7 });
    expect(error?.message).toBe('stopped');
    expect(snapshot?.position.step).toBe(7);
    expect((await train({ resume: snapshot! })).snapshot).toEqual(whole.snapshot);
  });

  it('comes to nearly the same weights in smaller pieces', async () => {
    // Pieces share dropout masks, so only a model without dropout is comparable to the digit; here the loss is.
    const [whole, pieces] = [await train(), await train({ microBatchSize: 12 })];
    const last = ({ reports }: typeof whole) => reports[reports.length - 1].loss;
    expect(Math.abs(last(pieces) - last(whole))).toBeLessThan(0.15 * last(whole));
  });

  it('stops early when validation gets no better, and keeps the best weights', async () => {
    const source = sourceOf();
    const figures = [0.2, 0.5, 0.4, 0.3, 0.9];
    let best: Float32Array | null = null;
    let calls = 0;
    const [, embedding] = [...source.model.params.variables][0];
    const validations = await trainSeq2Seq({
      device,
      source,
      config: { ...CONFIG.training, epochs: 20, patience: 2 },
      validate: () => {
        if (calls === 1) best = device.read(embedding) as Float32Array;
        return Promise.resolve([{ name: 'ndcg@10', value: figures[calls++] }]);
      },
      onProgress: () => undefined,
      onSnapshot: () => Promise.resolve(),
      resume: null,
      signal: new AbortController().signal,
    });
    expect(validations.map(([{ value }]) => value)).toEqual(figures.slice(0, 4));
    expect(device.read(embedding)).toEqual(best);
  });
});

describe('trainingStep', () => {
  /** Losses of 20 steps and the weights after them, dropout included. */
  async function twentySteps(on: Device) {
    const source = sourceOf();
    const adamw = createAdamW([...source.model.params.variables.values()], CONFIG.training);
    const step = on.compile((inputs) => trainingStep(source.model, CONFIG.training, adamw, 'causal', inputs), {
      name: 'step',
    });
    const batches = epochBatches(source, CONFIG.training, 0).filter(({ targetMask }) => targetMask === 'causal');
    const losses: number[] = [];
    for (let n = 1; n <= 20; n++)
      losses.push((await step.run(stepInputs(batches[n % batches.length].inputs, n))).loss.data[0]);
    return { losses, weights: [...source.model.params.variables.values()].map((variable) => on.read(variable)) };
  }

  function stepInputs(inputs: HostTensors, n: number): HostTensors {
    const noise = new Float32Array(4096);
    fillDropoutNoise(noise, CONFIG.seq2seq.dropout, n);
    const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
    return { ...inputs, noise: { shape: [4096], data: noise }, learningRate: scalar(1e-3), step: scalar(n) };
  }

  it('equals tfjs over twenty updates of a whole model', async () => {
    const reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    const [traced, eager] = [await twentySteps(device), await twentySteps(reference)];
    traced.losses.forEach((loss, n) => expect(Math.abs(loss - eager.losses[n]) / eager.losses[n]).toBeLessThan(1e-4));
    const differences = traced.weights.flatMap((values, i) =>
      Array.from(values, (value, j) => Math.abs(value - eager.weights[i][j])),
    );
    expect(Math.max(...differences)).toBeLessThan(2e-4);
    reference.dispose();
  }, 120_000);

  it('gives another loss under another noise, and none without it', async () => {
    const source = sourceOf();
    const [{ inputs }] = epochBatches(source, CONFIG.training, 0);
    const loss = device.compile((given) => ({ loss: batchLoss(source.model, 0, 'causal', given) }), { name: 'loss' });
    const withNoise = async (n: number) => {
      const { noise } = stepInputs(inputs, n);
      return (await loss.run({ ...inputs, noise })).loss.data[0];
    };
    expect(await withNoise(1)).toBe(await withNoise(1));
    expect(await withNoise(2)).not.toBe(await withNoise(1));
    expect((await loss.run(inputs)).loss.data[0]).toBe((await loss.run(inputs)).loss.data[0]);
    expect((await loss.run(inputs)).loss.data[0]).not.toBe(await withNoise(1));
  });
});

describe('scheduledRate', () => {
  const rate = (step: number) => scheduledRate({ learningRate: 1, warmup: 0.1 }, step, 100);

  it('rises linearly, then falls as a cosine to zero', () => {
    expect([rate(5), rate(10), rate(55), rate(100)]).toEqual([0.5, 1, 0.5, 0].map((value) => expect.closeTo(value, 6)));
  });
});
