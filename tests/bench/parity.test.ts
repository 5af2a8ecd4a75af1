import * as tf from '@tensorflow/tfjs';

import { PEER_WEIGHTS, randomItemTexts, randomNeighbours } from '../../bench/item-head-parts';
import { python, findTorch } from '../../bench/torch';
import { createModel } from '../../models/checkpoint/model-weights';
import { openDevice } from '../../models/compute/backends';
import type { Device, HostTensors } from '../../models/compute/device';
import { variableOf } from '../../models/compute/variables';
import { presetConfig, type TigerConfig } from '../../models/config';
import { PURCHASE } from '../../models/data/kinds';
import { alone } from '../../models/decoding/mixture';
import { Trie } from '../../models/decoding/trie';
import { createRandom } from '../../models/math/random';
import { SourceBatch, type Seq2Seq } from '../../models/seq2seq/batches';
import { Tiger } from '../../models/serving/tiger-model';
import { ITEM_TEXT_SIZE } from '../../models/text/text-space';
import { batchLoss } from '../../models/training/seq2seq-steps';

const [USERS, ITEMS, BEAM] = [3, 60, 12];
const TOLERANCE = 1e-4;

interface TorchAnswer {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly lists: Readonly<Record<'decoder' | 'all', { items: number[][]; scores: number[][] }>>;
}

/** A preset's formulas in small sizes. */
function small(preset: 'paper' | 'base'): TigerConfig {
  const config = presetConfig(preset);
  const sizes = { modelSize: 16, numHeads: 2, headSize: 8, feedForwardSize: 32, maxHistory: 9 };
  return {
    ...config,
    tokenizer: { ...config.tokenizer, codebookSize: 8 },
    seq2seq: { ...config.seq2seq, ...sizes, encoderLayers: 2, decoderLayers: 2, numBuckets: 8, maxDistance: 16 },
  };
}

/** Distinct IDs, some of which share all codes but the last. */
function randomIds(): number[][] {
  const random = createRandom(5);
  const ids = new Map<string, number[]>();
  while (ids.size < ITEMS) {
    const id = [random.int(4), random.int(4), random.int(3), random.int(3)];
    ids.set(id.join('.'), id);
  }
  return [...ids.values()];
}

/** Weights that start as zeros or ones would hide a difference. */
function randomise(model: Seq2Seq, device: Device): void {
  const random = createRandom(6);
  for (const variable of model.params.variables.values())
    device.write(
      variable,
      Float32Array.from(device.read(variable), (value) => value + 0.2 * random.normal()),
    );
}

class Case {
  readonly ids = randomIds();
  private readonly model: Seq2Seq;
  /** Item rows; the last one is the target of `paper`. */
  private readonly histories: number[][];

  constructor(
    readonly config: TigerConfig,
    readonly device: Device,
  ) {
    this.model = createModel(config, ITEMS);
    randomise(this.model, device);
    const random = createRandom(8);
    const length = config.seq2seq.maxHistory + 1;
    this.histories = Array.from({ length: USERS }, () => Array.from({ length }, () => random.int(ITEMS)));
  }

  get hasItemHead(): boolean {
    return this.config.seq2seq.itemHead;
  }

  private get slots(): number {
    return this.hasItemHead ? this.config.seq2seq.maxHistory : 1;
  }

  private get targets(): number[][] {
    return this.histories.map((items) => items.slice(-this.slots));
  }

  inputs(): HostTensors {
    const batch = new SourceBatch(this.model, USERS, this.config.seq2seq.maxHistory);
    this.histories.forEach((items, user) =>
      batch.write(
        user,
        `user-${user}`,
        items.slice(0, -1).map((row) => ({ codes: this.ids[row], row: row + 1, kind: 0, at: 0 })),
      ),
    );
    const shape = [USERS, this.slots];
    const targets = this.targets.flat();
    return {
      ...batch.inputs(),
      targets: { shape: [...shape, 4], data: Int32Array.from(targets.flatMap((row) => this.ids[row])) },
      weights: { shape, data: new Float32Array(targets.length).fill(1) },
      ...(this.hasItemHead ? { targetItems: { shape, data: Int32Array.from(targets, (row) => row + 1) } } : {}),
    };
  }

  async lossAndGradients() {
    const variables = [...this.model.params.variables];
    const mask = this.hasItemHead ? 'causal' : 'full';
    const compiled = this.device.compile(
      (given) => {
        const { value, grads } = tf.variableGrads(
          () => batchLoss(this.model, mask, given) as tf.Scalar,
          variables.map(([, variable]) => variable),
        );
        return { loss: value, ...Object.fromEntries(variables.map(([name, { name: key }]) => [name, grads[key]])) };
      },
      { name: 'gradients' },
    );
    const { loss, ...gradients } = await compiled.run(this.inputs());
    return { loss: loss.data[0], gradients };
  }

  /** @param kind - `decoder`: by the decoder alone. */
  async lists(kind: 'decoder' | 'all') {
    const itemIds = Int32Array.from({ length: this.hasItemHead ? ITEMS : 0 }, (_, row) => row);
    const making = { ...PEER_WEIGHTS.unseen, ...(kind === 'decoder' && alone('decoder')) };
    const tiger = Tiger.open({
      ...{ config: this.config, model: this.model, itemIds, texts: null, device: this.device },
      itemTexts: this.hasItemHead ? variableOf(randomItemTexts(ITEMS)) : null,
      neighbours: randomNeighbours(ITEMS),
      popularity: new Float32Array(ITEMS).fill(1),
      weights: { unseen: making, seenKept: making },
      isFrozen: true,
      threads: 1,
    });
    const codes = Int32Array.from(this.ids.flat());
    const trie = Trie.build({ idLength: 4, codebookSize: 8, itemIds: Int32Array.from(this.ids.keys()), codes });
    const requests = this.histories.map((items, user) => ({
      userKey: `user-${user}`,
      history: items
        .slice(0, -1)
        .map((row) => ({ itemId: row, codes: this.ids[row], kind: PURCHASE, count: 1, at: 0 })),
      at: 0,
      first: BEAM,
      beamWidth: BEAM,
      temperature: 0,
      seed: 0,
      view: trie,
    }));
    return tiger.recommend(requests, { trie, get: (row) => this.ids[row] });
  }

  async ofTorch(): Promise<TorchAnswer> {
    const { tokens, mask, items, targetItems } = this.inputs();
    const { seq2seq, tokenizer } = this.config;
    const rowsOf = ({ shape, data }: HostTensors[string]) => nested(Array.from(data), shape);
    const request = {
      config: {
        d_model: seq2seq.modelSize,
        heads: seq2seq.numHeads,
        d_kv: seq2seq.headSize,
        d_ff: seq2seq.feedForwardSize,
        layers: seq2seq.encoderLayers,
        dropout: 0,
        decoder_dropout: 0,
        buckets: seq2seq.numBuckets,
        max_distance: seq2seq.maxDistance,
        users: seq2seq.userTokens,
        codes: tokenizer.codebookSize,
        items: seq2seq.maxHistory,
        catalogue: this.hasItemHead ? ITEMS : 0,
      },
      model: Object.fromEntries(
        [...this.model.params.variables].map(([name, it]) => [name, Array.from(this.device.read(it))]),
      ),
      batch: {
        ids: rowsOf(tokens),
        mask: rowsOf(mask),
        targets: this.targets.map((rows) => rows.map((row) => this.ids[row])),
        ...(this.hasItemHead ? { rows: rowsOf(items), target_rows: rowsOf(targetItems) } : {}),
      },
      ...(this.hasItemHead ? { parts: torchParts() } : {}),
      codes: this.ids,
      beam: BEAM,
    };
    return JSON.parse((await python(['parity.py'], JSON.stringify(request))).stdout) as TorchAnswer;
  }
}

/** The same parts as the peer reads them. */
function torchParts() {
  const texts = Array.from(randomItemTexts(ITEMS).data.subarray(ITEM_TEXT_SIZE));
  const { items, weights } = randomNeighbours(ITEMS);
  const shape = [ITEMS, items.length / ITEMS];
  const { shares, textWeight, neighbourDecay } = PEER_WEIGHTS.unseen;
  const { decoder, itemHead, neighbours, uniform } = shares;
  return {
    texts: nested(texts, [ITEMS, ITEM_TEXT_SIZE]),
    neighbours: nested(Array.from(items), shape),
    weights: nested(Array.from(weights), shape),
    decay: neighbourDecay,
    text_weight: textWeight,
    shares: { decoder, item_head: itemHead, neighbours, uniform },
  };
}

function nested(values: number[], [, ...inner]: readonly number[]): unknown[] {
  const size = inner.reduce((a, b) => a * b, 1);
  if (inner.length === 0) return values;
  return Array.from({ length: values.length / size }, (_, i) => nested(values.slice(i * size, (i + 1) * size), inner));
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const largest = Math.max(...expected.map((value, i) => Math.abs(value - found[i])));
  expect(largest).toBeLessThan(TOLERANCE);
}

describe('the PyTorch peer', () => {
  let device: Device;
  let problem: string | null;
  beforeAll(async () => {
    device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    ({ problem } = await findTorch());
    if (problem !== null) console.warn(`skipped, because there is ${problem}`);
  }, 60_000);
  afterAll(() => device.dispose());

  it.each(['paper', 'base'] as const)(
    'has the same loss, gradients and lists with the weights of %s',
    async (preset) => {
      if (problem !== null) return;
      const ours = new Case(small(preset), device);
      const torch = await ours.ofTorch();
      const { loss, gradients } = await ours.lossAndGradients();
      expect(Math.abs(loss - torch.loss)).toBeLessThan(TOLERANCE);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(torch.gradients).sort());
      for (const [name, { data }] of Object.entries(gradients)) expectClose(data, torch.gradients[name]);
      const kinds = ours.hasItemHead ? (['decoder', 'all'] as const) : (['decoder'] as const);
      for (const kind of kinds) {
        const lists = await ours.lists(kind);
        lists.forEach((list, user) => {
          expectClose(
            list.map(({ score }) => score),
            torch.lists[kind].scores[user],
          );
          expect(list.map(({ itemId }) => itemId)).toEqual(torch.lists[kind].items[user]);
        });
      }
    },
    120_000,
  );
});
