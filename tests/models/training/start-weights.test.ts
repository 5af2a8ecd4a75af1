import { createModel } from '../../../models/checkpoint/model-weights';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig, type Seq2SeqConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import { createRandom } from '../../../models/math/random';
import { SpectralVectors, startWeights } from '../../../models/training/start-weights';
import { idsOf, walkingLog, logOf } from '../../support/little-log';

const NUM_ITEMS = 20;
const CONFIG = presetConfig('tiny');
const SIZE = CONFIG.seq2seq.modelSize;
const WIDTH = CONFIG.tokenizer.codebookSize;
const LOG = walkingLog(24, 7, NUM_ITEMS);
const IDS = idsOf(NUM_ITEMS);
const SPECTRAL = new SpectralVectors({ log: LOG, split: splitLog(LOG), numItems: NUM_ITEMS, seed: 1 });

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

function modelWith(changes: Partial<Seq2SeqConfig>) {
  return createModel({ ...CONFIG, seq2seq: { ...CONFIG.seq2seq, ...changes } }, NUM_ITEMS);
}

describe('startWeights', () => {
  it('starts the items at their spectral vectors, and the unknown item at zero', () => {
    const model = modelWith({});
    startWeights(model, device, IDS, SPECTRAL);
    const started = device.read(model.params.itemVectors!);
    expect(started.subarray(0, SIZE)).toEqual(new Float32Array(SIZE));
    expect(started.subarray(SIZE)).toEqual(SPECTRAL.of(SIZE));
  });

  it('starts each code at the mean of what its items’ vectors have left of the levels before', () => {
    const model = modelWith({});
    startWeights(model, device, IDS, SPECTRAL);
    const head = device.read(model.params.head);
    const weightsOf = (level: number, code: number) =>
      Array.from({ length: SIZE }, (_, d) => head[(level * SIZE + d) * WIDTH + code]);
    const vectors = SPECTRAL.of(SIZE);
    const left = Array.from({ length: NUM_ITEMS }, (_, i) => [...vectors.subarray(i * SIZE, (i + 1) * SIZE)]);
    for (const level of [0, 1, 2]) {
      for (let code = 0; code < WIDTH; code++) {
        const items = IDS.flatMap((id, item) => (id[level] === code ? [item] : []));
        const mean = (d: number) => items.reduce((sum, item) => sum + left[item][d], 0) / Math.max(1, items.length);
        const expected = Array.from({ length: SIZE }, (_, d) => mean(d));
        weightsOf(level, code).forEach((weight, d) => expect(weight).toBeCloseTo(expected[d], 5));
        for (const item of items) left[item] = left[item].map((x, d) => x - expected[d]);
      }
    }
  });
});

const NUM_BOUGHT = 30;
const random = createRandom(2);
const USERS = Array.from({ length: 60 }, () => Array.from({ length: 9 }, () => random.int(random.int(NUM_BOUGHT) + 1)));
const RANDOM_LOG = logOf(USERS.map((items) => items.map((item) => [item])));
const SPLIT = splitLog(RANDOM_LOG);

/** The neighbour cosines, written out: Σ 1/d over pairs at most three steps apart, divided by the root of both counts. */
function cosines(): number[][] {
  const square = () => Array.from({ length: NUM_BOUGHT }, () => new Array<number>(NUM_BOUGHT).fill(0));
  const counts = new Array<number>(NUM_BOUGHT).fill(0);
  const near = square();
  for (const items of USERS.map((all) => all.slice(0, -2))) {
    for (const item of items) counts[item]++;
    for (const distance of [1, 2, 3]) {
      for (let i = 0; i + distance < items.length; i++) {
        const [a, b] = [items[i], items[i + distance]];
        if (a === b) continue;
        near[a][b] += 1 / distance;
        near[b][a] += 1 / distance;
      }
    }
  }
  return near.map((row, a) => row.map((weight, b) => (weight === 0 ? 0 : weight / Math.sqrt(counts[a] * counts[b]))));
}

/** Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's rotations, each of which zeroes one pair of entries. */
function jacobi(matrix: number[][]): { value: number; vector: number[] }[] {
  const a = matrix.map((row) => [...row]);
  const n = a.length;
  const v = a.map((_, i): number[] => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 12; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (let k = 0; k < n; k++) [a[k][p], a[k][q]] = [c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]];
        for (let k = 0; k < n; k++) [a[p][k], a[q][k]] = [c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]];
        for (let k = 0; k < n; k++) [v[k][p], v[k][q]] = [c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]];
      }
    }
  }
  const found = a.map((row, i) => ({ value: row[i], vector: v.map((entries) => entries[i]) }));
  return found.sort((x, y) => y.value - x.value);
}

function dot(vectors: Float32Array, size: number, a: number, b: number): number {
  let sum = 0;
  for (let d = 0; d < size; d++) sum += vectors[a * size + d] * vectors[b * size + d];
  return sum;
}

describe('SpectralVectors', () => {
  it('has dot products in proportion to the best approximation of the neighbour cosines of its rank', () => {
    const size = 6;
    const vectors = new SpectralVectors({ log: RANDOM_LOG, split: SPLIT, numItems: NUM_BOUGHT, seed: 1 }).of(size);
    const strongest = jacobi(cosines()).slice(0, size);
    const best = (a: number, b: number) =>
      strongest.reduce((sum, { value, vector }) => sum + value * vector[a] * vector[b], 0);
    const scale = dot(vectors, size, 1, 1) / best(1, 1);
    for (let a = 0; a < NUM_BOUGHT; a++)
      for (let b = 0; b < NUM_BOUGHT; b++)
        expect(Math.abs(dot(vectors, size, a, b) / scale - best(a, b))).toBeLessThan(1e-2);
  });
});
