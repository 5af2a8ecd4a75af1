import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import type { BatchSource } from '../../../models/data/sequence-batches';
import type { PhaseState } from '../../../models/training/phase-state';
import {
  trainSeq2Seq,
  type Seq2SeqProgress,
  type TrainingPosition,
  scheduledRate,
} from '../../../models/training/train-seq2seq';
import { idsOf, walkingLog } from '../../support/little-log';

const CONFIG = presetConfig('tiny');

function sourceOf(): BatchSource {
  const log = walkingLog(24, 7, 20);
  return { model: createModel(CONFIG, 20), log, split: splitLog(log), semanticIds: idsOf(20), seed: 1 };
}

/** The same histories in a catalogue of which a step trains a sample. */
function largeSource(): BatchSource {
  const [numItems, codebookSize] = [40_000, 64];
  const config = { ...CONFIG, tokenizer: { ...CONFIG.tokenizer, codebookSize } };
  const semanticIds = Array.from({ length: numItems }, (_, i) => [i % 64, (i >> 6) % 64, i >> 12]);
  return { ...sourceOf(), model: createModel(config, numItems), semanticIds };
}

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

interface TrainOptions {
  readonly source?: () => BatchSource;
  readonly epochs?: number;
  readonly resume?: PhaseState<TrainingPosition>;
  readonly stopAtStep?: number;
}

/** A whole training or one that is told to stop; the state is its last. */
async function train(options: TrainOptions = {}) {
  const source = options.source?.() ?? sourceOf();
  const stop = new AbortController();
  const reports: Seq2SeqProgress[] = [];
  let state: PhaseState<TrainingPosition> | null = null;
  const config = {
    ...CONFIG.training,
    epochs: options.epochs ?? 4,
    warmup: 0.2,
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
    onState: (saved) => Promise.resolve(void (state = saved)),
    resume: options.resume ?? null,
    signal: stop.signal,
  });
  const error = await run.then(
    () => null,
    (reason: Error) => reason,
  );
  return { reports, error, state: state as PhaseState<TrainingPosition> | null };
}

describe('trainSeq2Seq', () => {
  it('learns what comes next', async () => {
    const { reports } = await train({ epochs: 40 });
    expect(reports[0].loss).toBeGreaterThan(1.5); // chance is log 8 = 2.08, or less once most collision tokens are 0
    expect(reports[reports.length - 1].loss).toBeLessThan(0.6 * reports[0].loss);
  });

  it('goes on after a stop to the very same weights and moments, also where it was in the second half', async () => {
    const whole = await train();
    for (const step of [7, whole.reports.at(-1)!.step - 1]) {
      const { error, state } = await train({ stopAtStep: step });
      expect([error?.message, state?.position.step]).toEqual(['stopped', step]);
      expect((await train({ resume: state! })).state).toEqual(whole.state);
    }
  });

  it('learns some items of a large catalogue in a step, and goes on after a stop', async () => {
    const whole = await train({ source: largeSource, epochs: 3 });
    expect(whole.reports.at(-1)!.loss).toBeLessThan(0.95 * whole.reports[0].loss);
    const stopAtStep = whole.reports.at(-1)!.step - 2;
    const { state } = await train({ source: largeSource, epochs: 3, stopAtStep });
    const { tensors } = (await train({ source: largeSource, epochs: 3, resume: state! })).state!;
    for (const [name, { data }] of Object.entries(tensors))
      expect([name, Buffer.from(data.buffer).equals(Buffer.from(whole.state!.tensors[name].data.buffer))]).toEqual([
        name,
        true,
      ]);
  });

  it('ends with the mean of the second half of the epochs, whatever spikes validation has', async () => {
    const source = sourceOf();
    const figures = [0.2, 0.9, 0.1, 0.3, 0.2];
    const [, embedding] = [...source.model.params.variables][0];
    const atEpoch: (Float32Array | Int32Array)[] = [];
    const validations = await trainSeq2Seq({
      device,
      source,
      config: { ...CONFIG.training, epochs: 4 },
      validate: () => {
        atEpoch.push(device.read(embedding));
        return Promise.resolve([{ name: 'ndcg@10', value: figures[atEpoch.length - 1] }]);
      },
      onProgress: () => undefined,
      onState: () => Promise.resolve(),
      resume: null,
      signal: new AbortController().signal,
    });
    expect(validations.map(([{ value }]) => value)).toEqual(figures);
    const [, , third, fourth, measured] = atEpoch;
    const mean = Float32Array.from(third, (x, i) => (x + fourth[i]) / 2);
    device.read(embedding).forEach((x, i) => expect(Math.abs(x - mean[i])).toBeLessThan(1e-6));
    expect(device.read(embedding)).toEqual(measured);
  });
});

describe('scheduledRate', () => {
  const ratesOf = (cooldown: number) =>
    [5, 10, 55, 73, 91, 100].map((step) => scheduledRate({ learningRate: 1, warmup: 0.1, cooldown }, step, 100));
  const ratesOfAll = (totalSteps: number) =>
    Array.from({ length: totalSteps }, (_, i) =>
      scheduledRate({ learningRate: 1, warmup: 0, cooldown: 1 }, i + 1, totalSteps),
    );
  const closeTo = (...rates: number[]) => rates.map((rate) => expect.closeTo(rate, 6));

  it('rises linearly, stays, then falls linearly to zero', () => {
    expect(ratesOf(0.4)).toEqual(closeTo(0.5, 1, 1, 28 / 37, 10 / 37, 1 / 37));
  });

  it('learns from each step, however few there are', () => {
    expect([1, 2, 3].map(ratesOfAll)).toEqual([closeTo(1), closeTo(1, 1 / 2), closeTo(1, 2 / 3, 1 / 3)]);
  });
});
