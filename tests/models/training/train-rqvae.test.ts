import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { Rows } from '../../../models/math/rows';
import { codebookUse } from '../../../models/semantic-id/codebook-use';
import { Tokenizer } from '../../../models/semantic-id/tokenizer';
import { blankWhitening } from '../../../models/text/whitening';
import type { PaceReport } from '../../../models/training/pace';
import type { StepPosition, PhaseState } from '../../../models/training/phase-state';
import { type TrainedRqvae, type TrainRqvaeOptions, trainRqvae } from '../../../models/training/train-rqvae';
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

function train(options: Partial<TrainRqvaeOptions> = {}) {
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

/** @returns How well the items use the codebooks. */
function useOf({ encoder, codebooks }: TrainedRqvae) {
  const tokenizer = new Tokenizer({ whitening: blankWhitening(F, F), exemplars: null, encoder, codebooks });
  return codebookUse(new Rows(tokenizer.codesOf(FEATURES), 3).all(), CONFIG);
}

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

/** Trains until a step; @returns The state there. */
async function stopAt(step: number, options: Partial<TrainRqvaeOptions> = {}): Promise<PhaseState<StepPosition>> {
  const controller = new AbortController();
  let state: PhaseState<StepPosition> | null = null;
  const stopped = train({
    ...options,
    signal: controller.signal,
    onProgress: (report) => report.step === step && controller.abort(new Error('stopped')),
    onState: (saved) => Promise.resolve(void (state = saved)),
  });
  await expect(stopped).rejects.toThrow('stopped');
  return state!;
}

describe('trainRqvae', () => {
  it('goes on from the state of a stopped training as if it had not been stopped', async () => {
    const config = { ...CONFIG, batchSize: 32, steps: 40 };
    const whole = await train({ config });
    // In the warm-up, and after it.
    for (const step of [5, 20]) {
      const state = await stopAt(step, { config });
      expect(state).toMatchObject({ position: { step } });
      expect(await train({ config, resume: state })).toEqual(whole);
    }
  });

  it('lowers the loss, tells of it, and uses its codebooks', async () => {
    const reports: PaceReport[] = [];
    const trained = await train({ onProgress: (progress) => reports.push(progress) });
    expect(reports.at(-1)).toMatchObject({ step: 150, totalSteps: 150, secondsLeft: 0 });
    expect(reports.at(-1)!.loss).toBeLessThan(reports[0].loss / 4);
    for (const { usedShare } of useOf(trained)) expect(usedShare).toBeGreaterThanOrEqual(0.9);
  });

  it('repairs codebooks that have collapsed', async () => {
    const { position, tensors } = await stopAt(40);
    const collapsed = Object.entries(tensors).map(([name, { shape, data }]) => {
      const isCodebook = name.startsWith('weights/codebook');
      return [name, { shape, data: isCodebook ? data.map((x, i) => (i < shape[1] ? x : 1e3)) : data }] as const;
    });
    const trained = await train({ resume: { position, tensors: Object.fromEntries(collapsed) } });
    for (const { usedShare } of useOf(trained)) expect(usedShare).toBeGreaterThanOrEqual(0.9);
  });
});
