import { openDevice } from '../../../models/compute/backends';
import type { Device, DeviceKind } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { codebookUse } from '../../../models/semantic-id/codebook-use';
import type { PaceReport } from '../../../models/training/pace';
import type { StepPosition, PhaseState } from '../../../models/training/phase-state';
import { type TrainRqvaeOptions, trainRqvae } from '../../../models/training/train-rqvae';
import { clusteredPoints } from '../../support/clustered-points';

const F = 8;
const CONFIG = {
  ...presetConfig('tiny').tokenizer,
  numLevels: 3,
  codebookSize: 16,
  hidden: [16],
  learningRate: 1e-2,
  batchSize: 128,
  steps: 150,
};
const FEATURES = clusteredPoints({ n: 500, dims: F, clusters: 40, seed: 1 });

function train(device: Device, options: Partial<TrainRqvaeOptions> = {}) {
  return trainRqvae({
    device,
    config: CONFIG,
    seed: 1,
    features: FEATURES,
    featureSize: F,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    resume: null,
    onState: () => Promise.resolve(),
    ...options,
  });
}

const rowsOf = (codes: Int32Array) => Array.from({ length: 500 }, (_, i) => codes.subarray(i * 3, i * 3 + 3));

describe.each<DeviceKind>(['tfjs-cpu', 'onnx-cpu'])('trainRqvae on %s', (kind) => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend: kind, threads: 1 })));
  afterAll(() => device.dispose());

  it('goes on from the state of a stopped training as if it had not been stopped', async () => {
    const config = { ...CONFIG, batchSize: 32, steps: 40 };
    const whole = await train(device, { config });
    // In the warm-up, and after it.
    for (const stopAt of [5, 20]) {
      const controller = new AbortController();
      let state: PhaseState<StepPosition> | null = null;
      const stopped = train(device, {
        config,
        signal: controller.signal,
        onProgress: ({ step }) => step === stopAt && controller.abort(new Error('stopped')),
        onState: (saved) => Promise.resolve(void (state = saved)),
      });
      await expect(stopped).rejects.toThrow('stopped');
      expect(state).toMatchObject({ position: { step: stopAt } });
      const resumed = await train(device, { config, resume: state });
      expect(resumed).toEqual(whole);
    }
  });
});

describe('trainRqvae', () => {
  it('lowers the loss, tells of it, and uses its codebooks', async () => {
    const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    const reports: PaceReport[] = [];
    const { codes } = await train(device, { onProgress: (progress) => reports.push(progress) });
    const [first] = reports;
    const last = reports[reports.length - 1];
    expect(last.step).toBe(150);
    expect(last.totalSteps).toBe(150);
    expect(last.secondsLeft).toBe(0);
    expect(last.loss).toBeLessThan(first.loss / 4);
    for (const { usedShare } of codebookUse(rowsOf(codes), CONFIG)) expect(usedShare).toBeGreaterThanOrEqual(0.9);
    device.dispose();
  });

  it('repairs codebooks that have collapsed', async () => {
    const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    const controller = new AbortController();
    let state: PhaseState<StepPosition> | null = null;
    const stopped = train(device, {
      signal: controller.signal,
      onProgress: ({ step }) => step === 40 && controller.abort(new Error('stopped')),
      onState: (saved) => Promise.resolve(void (state = saved)),
    });
    await expect(stopped).rejects.toThrow('stopped');
    const { position, tensors } = state as unknown as PhaseState<StepPosition>;
    const collapsed = Object.entries(tensors).map(([name, { shape, data }]) => {
      const isCodebook = name.startsWith('weights/codebook');
      return [name, { shape, data: isCodebook ? data.map((x, i) => (i < shape[1] ? x : 1e3)) : data }] as const;
    });
    const { codes } = await train(device, { resume: { position, tensors: Object.fromEntries(collapsed) } });
    for (const { usedShare } of codebookUse(rowsOf(codes), CONFIG)) expect(usedShare).toBeGreaterThanOrEqual(0.9);
    device.dispose();
  });
});
