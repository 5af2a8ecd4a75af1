/**
 * A trained tokenizer: text vectors in, codes out. Nothing in it changes any more. It runs on plain arrays, because a server assigns
 * codes to a few items at a time.
 */
import type { HostTensor, HostTensors } from '../compute/device';
import { ShapeError } from '../compute/errors';
import { multiplyTransposed, transpose } from '../math/linear-algebra';
import { Rows } from '../math/rows';
import { type Whitening, whiten } from '../text/whitening';
import { type Exemplars, joinFeatures } from './collaborative';
import { quantise } from './kmeans';

/** A fully connected layer. */
export interface FrozenDense {
  /** float32 `[inputs, outputs]`. */
  readonly kernel: HostTensor;
  /** float32 `[outputs]`. */
  readonly bias: HostTensor;
}

export interface TokenizerParts {
  readonly whitening: Whitening;
  /** Foretell the collaborative features of cold items; null: the tokenizer reads text alone. */
  readonly exemplars: Exemplars | null;
  /** Layers with ReLU between them. */
  readonly encoder: readonly FrozenDense[];
  /** One per level, coarse to fine; each float32 `[K, D]`. */
  readonly codebooks: readonly HostTensor[];
}

/** Rows encoded at once, so that the hidden layers of a large catalogue are not all in memory. */
const CHUNK = 1024;

export class Tokenizer {
  /** Kernels with one row per output, as `multiplyTransposed` reads them. */
  private readonly kernels: readonly Float32Array[];
  private readonly codebooks: readonly Float32Array[];

  constructor(private readonly parts: TokenizerParts) {
    this.kernels = parts.encoder.map(({ kernel }) => transpose(kernel.data as Float32Array, kernel.shape[0]));
    this.codebooks = parts.codebooks.map(({ data }) => data as Float32Array);
  }

  /** Width of the text vectors that it reads. */
  get dims(): number {
    return this.parts.whitening.mean.length;
  }

  get numLevels(): number {
    return this.codebooks.length;
  }

  /** Codes per level, K. */
  get codebookSize(): number {
    return this.parts.codebooks[0].shape[0];
  }

  /**
   * Gives items their codes, without collision tokens.
   *
   * @param vectors - Text vectors; float32 `[N, dims]`.
   * @param collaborative - float32 `[N, C]`, see `joinFeatures`; null: foretold from the text.
   * @returns int32 `[N, L]`.
   * @throws {ShapeError} When `dims` is not the tokenizer's, or a row is not all finite numbers.
   */
  assign(vectors: Float32Array, dims: number, collaborative: Float32Array | null = null): Int32Array {
    const codes = new Int32Array((vectors.length / dims) * this.numLevels);
    const texts = new Rows(vectors, dims);
    const beside = collaborative && new Rows(collaborative, this.collaborativeSize);
    for (let row = 0; row < texts.count; row += CHUNK) {
      const end = row + CHUNK;
      const features = this.features(texts.slice(row, end), dims, beside && beside.slice(row, end), row);
      codes.set(this.codesOf(features), row * this.numLevels);
    }
    return codes;
  }

  /**
   * @param features - Of items, joined by `joinFeatures`; float32 `[N, F + C]`.
   * @returns int32 `[N, L]`.
   */
  codesOf(features: Float32Array): Int32Array {
    const rows = new Rows(features, this.featureSize);
    const codes = new Int32Array(rows.count * this.numLevels);
    for (let row = 0; row < rows.count; row += CHUNK) {
      const latents = this.latents(rows.slice(row, row + CHUNK));
      codes.set(quantise(latents, this.latentSize, this.codebooks).codes, row * this.numLevels);
    }
    return codes;
  }

  /**
   * Yields all codes that an item could have, level by level nearest first: at first those that differ from its own in the last level,
   * then those that differ in the level before too.
   *
   * @param vector - One item's text vector; float32 `[dims]`.
   * @param collaborative - float32 `[C]`; null: foretold from the text.
   */
  nearestCodes(vector: Float32Array, collaborative: Float32Array | null = null): Iterable<number[]> {
    return this.codesUnder([], this.latents(this.features(vector, vector.length, collaborative)));
  }

  private *codesUnder(prefix: readonly number[], residual: Float32Array): Generator<number[]> {
    const codebook = this.codebooks[prefix.length];
    const isLast = prefix.length === this.numLevels - 1;
    for (const code of nearestFirst(residual, codebook)) {
      const codes = [...prefix, code];
      if (isLast) yield codes;
      else yield* this.codesUnder(codes, residual.map((x, d) => x - codebook[code * residual.length + d])); // prettier-ignore
    }
  }

  /** @returns All parts by name, for a checkpoint. */
  toTensors(): HostTensors {
    const { whitening, exemplars, encoder, codebooks } = this.parts;
    const { mean, components } = whitening;
    const tensors: Record<string, HostTensor> = {
      'whitening.mean': { shape: [mean.length], data: mean },
      'whitening.components': { shape: [components.length / mean.length, mean.length], data: components },
    };
    for (const [name, tensor] of Object.entries(exemplars ?? {})) tensors[`collaborative.${name}`] = tensor;
    encoder.forEach(({ kernel, bias }, i) => {
      tensors[`encoder.${i}.kernel`] = kernel;
      tensors[`encoder.${i}.bias`] = bias;
    });
    codebooks.forEach((codebook, level) => (tensors[`codebook.${level}`] = codebook));
    return tensors;
  }

  /** @throws {ShapeError} When the encoder reads another width than the features have, as in a checkpoint of another release. */
  static fromTensors(tensors: HostTensors): Tokenizer {
    const numbered = (prefix: string, end: string) => {
      const found: HostTensor[] = [];
      for (let i = 0; tensors[`${prefix}.${i}${end}`] !== undefined; i++) found.push(tensors[`${prefix}.${i}${end}`]);
      return found;
    };
    const biases = numbered('encoder', '.bias');
    const features = tensors['collaborative.features'];
    const tokenizer = new Tokenizer({
      whitening: {
        mean: tensors['whitening.mean'].data as Float32Array,
        components: tensors['whitening.components'].data as Float32Array,
      },
      exemplars: features === undefined ? null : { texts: tensors['collaborative.texts'], features },
      encoder: numbered('encoder', '.kernel').map((kernel, i) => ({ kernel, bias: biases[i] })),
      codebooks: numbered('codebook', ''),
    });
    const expected = tokenizer.featureSize;
    const width = tokenizer.parts.encoder[0]?.kernel.shape[0] ?? expected;
    if (width !== expected) throw new ShapeError(`encoder: expected a width of ${expected}, got ${width}`);
    return tokenizer;
  }

  private get collaborativeSize(): number {
    return this.parts.exemplars?.features.shape[1] ?? 0;
  }

  private get featureSize(): number {
    return textSizeOf(this.parts.whitening) + this.collaborativeSize;
  }

  private get latentSize(): number {
    return this.parts.codebooks[0].shape[1];
  }

  /** @param firstRow - The number of the first row in messages. */
  private features(
    vectors: Float32Array,
    dims: number,
    collaborative: Float32Array | null,
    firstRow = 0,
  ): Float32Array {
    if (dims !== this.dims) throw new ShapeError(`vectors: expected ${this.dims} dimensions, got ${dims}`);
    const { whitening, exemplars } = this.parts;
    const text = whiten(whitening, vectors, firstRow);
    return joinFeatures(text, textSizeOf(whitening), collaborative, exemplars);
  }

  private latents(features: Float32Array): Float32Array {
    return this.kernels.reduce((hidden, kernel, i) => {
      const isLast = i === this.kernels.length - 1;
      return dense(hidden, kernel, this.parts.encoder[i].bias.data as Float32Array, isLast);
    }, features);
  }
}

/** @returns All codes of a codebook by the distance of their vectors; of equally near ones the lower first. */
function nearestFirst(residual: Float32Array, codebook: Float32Array): Int32Array {
  const distances = Float64Array.from({ length: codebook.length / residual.length }, (_, code) =>
    residual.reduce((sum, x, d) => sum + (x - codebook[code * residual.length + d]) ** 2, 0),
  );
  return Int32Array.from(distances, (_, code) => code).sort((a, b) => distances[a] - distances[b] || a - b);
}

/** @param kernel - float32 `[outputs, inputs]`. */
function dense(inputs: Float32Array, kernel: Float32Array, bias: Float32Array, isLast: boolean): Float32Array {
  const outputs = bias.length;
  const size = kernel.length / outputs;
  const sums = new Float64Array((inputs.length / size) * outputs);
  multiplyTransposed(inputs, kernel, size, sums);
  return Float32Array.from(sums, (sum, i) => (isLast ? sum + bias[i % outputs] : Math.max(0, sum + bias[i % outputs])));
}

function textSizeOf({ components, mean }: Whitening): number {
  return components.length / mean.length;
}
