/** Fills the codebooks of an RQ-VAE at the start of its training, and later moves the codes that no item uses. */
import type { Variable } from '@tensorflow/tfjs-core';

import type { Device, HostTensor } from '../compute/device';
import type { TokenizerConfig } from '../config';
import { createRandom, type Random } from '../math/random';
import { Rows } from '../math/rows';
import { residualKmeans, drawByWeight, nearestVectors, subtractVectors } from '../semantic-id/kmeans';

/** How many times a training looks for unused codes. It does not look in its last quarter, in which the moved codes settle. */
const RESEEDINGS = 15;
const SETTLING = 0.25;

export interface KeptCodebooks {
  readonly device: Device;
  readonly config: TokenizerConfig;
  readonly seed: number;
  /** One per level, coarse to fine; each float32 `[K, D]`. */
  readonly codebooks: readonly Variable[];
  /** The optimiser's first and second moments of each. */
  readonly moments: readonly Variable[];
  /** @returns Latents of a sample of the items at that step; float32 `[n, D]`. */
  readonly sampleLatents: (step: number) => Promise<Float32Array>;
}

export class CodebookKeeper {
  /** How often each code was chosen since the last look; one int32 `[K]` per level. */
  private counts: Int32Array[];

  constructor(private readonly kept: KeptCodebooks) {
    this.counts = this.noCounts();
  }

  /** Fills the codebooks by residual k-means on the encoder's outputs after its warm-up. */
  async start(): Promise<void> {
    const { config, device, seed, codebooks, sampleLatents } = this.kept;
    const latents = await sampleLatents(0);
    const started = residualKmeans(latents, config.latentSize, config, createRandom(seed, -1));
    started.forEach((codebook, level) => device.write(codebooks[level], codebook));
  }

  /** @param codes - Codes chosen in a step; int32 `[B, L]`. */
  count(codes: HostTensor): void {
    const { numLevels } = this.kept.config;
    codes.data.forEach((code, i) => this.counts[i % numLevels][code]++);
  }

  /**
   * @param step - Steps with quantisation done so far.
   * @param totalSteps - Steps with quantisation in all.
   */
  isReseedDue(step: number, totalSteps: number): boolean {
    const last = totalSteps * (1 - SETTLING);
    return step > 0 && step <= last && step % Math.ceil(last / RESEEDINGS) === 0;
  }

  /** @param step - Step of the whole training; seeds the draws. */
  async reseed(step: number): Promise<void> {
    const { config, device, seed, codebooks, sampleLatents } = this.kept;
    const counts = this.counts;
    this.counts = this.noCounts();
    if (!counts.some((level) => level.includes(0))) return;
    const values = this.read();
    const random = createRandom(seed, -1 - step);
    const moved = reseedDeadCodes(await sampleLatents(step), config.latentSize, values, counts, random);
    moved.forEach((codes, level) => {
      if (codes.length === 0) return;
      device.write(codebooks[level], values[level]);
      for (const moment of this.kept.moments.slice(2 * level, 2 * level + 2)) this.forget(moment, codes);
    });
  }

  /** @returns The codebooks, coarse to fine; each float32 `[K, D]`. */
  read(): Float32Array[] {
    return this.kept.codebooks.map((codebook) => this.kept.device.read(codebook) as Float32Array);
  }

  /** @returns The counts by name, for a saved state. */
  toTensors(): Record<string, HostTensor> {
    const entries = this.counts.map((data, level): [string, HostTensor] => [
      `counts/${level}`,
      { shape: [data.length], data: data.slice() },
    ]);
    return Object.fromEntries(entries);
  }

  restore(tensors: Readonly<Record<string, HostTensor>>): void {
    this.counts = this.counts.map((_, level) => Int32Array.from(tensors[`counts/${level}`].data));
  }

  /** Clears the moments of codes that were moved: gradients of the old vector say nothing about the new one. */
  private forget(moment: Variable, codes: readonly number[]): void {
    const { device, config } = this.kept;
    const values = device.read(moment);
    for (const code of codes) values.fill(0, code * config.latentSize, (code + 1) * config.latentSize);
    device.write(moment, values);
  }

  private noCounts(): Int32Array[] {
    const { numLevels, codebookSize } = this.kept.config;
    return Array.from({ length: numLevels }, () => new Int32Array(codebookSize));
  }
}

/**
 * Moves each unused code to the residual of an item, drawn with a probability in proportion to its squared distance to the nearest code.
 *
 * @param latents - float32 `[N, dims]`.
 * @param codebooks - Coarse to fine, each float32 `[K, dims]`; changed in place.
 * @param counts - How often each code was chosen since the last look, by level; each int32 `[K]`.
 * @returns The codes that were moved, by level.
 */
function reseedDeadCodes(
  latents: Float32Array,
  dims: number,
  codebooks: readonly Float32Array[],
  counts: readonly Int32Array[],
  random: Random,
): number[][] {
  const residuals = new Rows(latents.slice(), dims);
  return codebooks.map((codebook, level) => {
    const { distances } = nearestVectors(residuals.values, codebook, dims);
    const moved: number[] = [];
    for (let code = 0; code < counts[level].length; code++) {
      if (counts[level][code] > 0) continue;
      const item = drawByWeight(distances, random);
      if (item < 0) break; // There are fewer distinct items than codes: no item is left that another code would fit better.
      codebook.set(residuals.row(item), code * dims);
      distances[item] = 0;
      moved.push(code);
    }
    subtractVectors(residuals.values, codebook, dims, nearestVectors(residuals.values, codebook, dims).indices);
    return moved;
  });
}
