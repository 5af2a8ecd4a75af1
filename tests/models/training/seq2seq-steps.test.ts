import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device, HostTensors } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { epochBatches, type BatchSource } from '../../../models/data/sequence-batches';
import { fillNoise } from '../../../models/seq2seq/blocks';
import { decode, encode } from '../../../models/seq2seq/transformer';
import { createAdamW } from '../../../models/training/adamw';
import { AllowedCodes } from '../../../models/training/allowed-codes';
import { batchLoss, trainingStep } from '../../../models/training/seq2seq-steps';
import { idsOf, walkingLog } from '../../support/little-log';

const CONFIG = presetConfig('tiny');

function sourceOf(): BatchSource {
  const log = walkingLog(24, 7, 20);
  return { model: createModel(CONFIG, 20), log, split: splitLog(log), semanticIds: idsOf(20), seed: 1 };
}

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

describe('trainingStep', () => {
  /** Losses of five steps and the weights after them, dropout included. */
  async function fiveSteps(on: Device) {
    const source = sourceOf();
    const adamw = createAdamW([...source.model.params.variables.values()], CONFIG.training);
    const step = on.compile((inputs) => trainingStep(source.model, adamw, 'causal', inputs), {
      name: 'step',
    });
    const batches = [...epochBatches(source, CONFIG.training, 0)].filter(({ targetMask }) => targetMask === 'causal');
    const losses: number[] = [];
    for (let n = 1; n <= 5; n++)
      losses.push((await step.run(stepInputs(batches[n % batches.length].inputs, n))).loss.data[0]);
    return { losses, weights: [...source.model.params.variables.values()].map((variable) => on.read(variable)) };
  }

  function stepInputs(inputs: HostTensors, n: number): HostTensors {
    const noise = new Float32Array(4096);
    fillNoise(noise, n);
    const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
    return { ...inputs, noise: { shape: [4096], data: noise }, learningRate: scalar(1e-3), step: scalar(n) };
  }

  it('equals tfjs over five updates of a whole model', async () => {
    const reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    const [traced, eager] = [await fiveSteps(device), await fiveSteps(reference)];
    traced.losses.forEach((loss, n) => expect(Math.abs(loss - eager.losses[n]) / eager.losses[n]).toBeLessThan(1e-4));
    const differences = traced.weights.flatMap((values, i) =>
      Array.from(values, (value, j) => Math.abs(value - eager.weights[i][j])),
    );
    expect(Math.max(...differences)).toBeLessThan(2e-4);
    reference.dispose();
  }, 60_000);

  it('chooses each code among those that the trie allows, as the beam search does', async () => {
    const model = createModel({ ...CONFIG, seq2seq: { ...CONFIG.seq2seq, itemHead: false } }, 20);
    const source = { ...sourceOf(), model };
    const [{ inputs, numTargets }] = epochBatches(source, CONFIG.training, 0);
    const { idLength, codebookSize } = model.vocabulary;
    const given = { ...inputs, ...new AllowedCodes(source.semanticIds, codebookSize).of(inputs) };
    const compiled = device.compile(
      (tensors) => ({
        loss: batchLoss(model, 'causal', tensors),
        logits: decode(
          model,
          encode(model, { tokens: tensors.tokens, mask: tensors.mask }),
          tensors.mask,
          tensors.targets,
          'causal',
        ),
      }),
      { name: 'loss' },
    );
    const { loss, logits } = await compiled.run(given);
    const slots = inputs.weights.data.length;
    const idAt = (slot: number) => Array.from(inputs.targets.data.subarray(slot * idLength, (slot + 1) * idLength));
    let sum = 0;
    for (let slot = 0; slot < slots; slot++)
      if (inputs.weights.data[slot] > 0)
        idAt(slot).forEach((code, level) => {
          const prefix = idAt(slot).slice(0, level).join();
          const siblings = source.semanticIds.filter((id) => id.slice(0, level).join() === prefix);
          const scoreOf = (one: number) => logits.data[(level * slots + slot) * codebookSize + one];
          const scores = [...new Set(siblings.map((id) => id[level]))].map(scoreOf);
          sum += Math.log(scores.reduce((total, score) => total + Math.exp(score), 0)) - scoreOf(code);
        });
    expect(loss.data[0]).toBeCloseTo(sum / (numTargets * idLength), 4);
  });
});
