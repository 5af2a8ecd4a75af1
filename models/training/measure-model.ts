/** The end of a training: the model is measured and stored before the baselines are, so that what goes wrong there cannot lose it. */
import { rm } from 'node:fs/promises';

import { hasCheckpoint, loadCheckpoint } from '../checkpoint/checkpoint';
import { modelOf } from '../checkpoint/model-weights';
import type { Device, HostTensor, HostTensors } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TigerConfig } from '../config';
import type { NeighbourTable } from '../decoding/evidence/neighbours';
import { PARTS } from '../decoding/mixture';
import { PRIOR_DECAY, PRIOR_REPEATS, priorOf } from '../evaluation/choose-weights';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/held-out-ranker';
import type { MetricValue } from '../evaluation/metrics';
import type { Report } from '../evaluation/report';
import { Tiger } from '../serving/tiger-model';
import type { TigerParts } from '../serving/tiger-parts';
import type { FitInput, FitRun } from './fit-input';

export interface MeasuredModel {
  readonly report: Report;
  /** Writes the checkpoint with these figures. @returns All figures that it has. */
  readonly save: (ranking: readonly MetricValue[]) => Promise<readonly MetricValue[]>;
}

/**
 * Measures a model and saves it. When the baselines fail, a model that is to serve is kept without their figures, and an experiment fails.
 *
 * @returns The figures of the checkpoint.
 */
export async function measureModel(
  checkpointDir: string,
  { experiment }: Pick<FitInput, 'experiment'>,
  { signal, onWarning }: Pick<FitRun, 'signal' | 'onWarning'>,
  measure: () => Promise<MeasuredModel>,
): Promise<readonly MetricValue[]> {
  const warn = (reason: string) => onWarning(`The version has no figures of baselines: ${reason}.`);
  if (experiment === null && (await hasCheckpoint(checkpointDir))) {
    // The cause that ended one thread while it measured the baselines, such as too little memory, would end the next.
    const metrics = (await loadCheckpoint(checkpointDir)).documents.metrics as MetricValue[];
    if (!metrics.some(({ name }) => name.startsWith('baseline.'))) warn('the thread ended while it measured them');
    return metrics;
  }
  const { report, save } = await measure();
  const ofModel = await save(report.metrics);
  try {
    return await save([...report.metrics, ...(await report.compare())]);
  } catch (error) {
    if (signal.aborted) await rm(checkpointDir, { recursive: true, force: true }); // the next run measures them
    if (signal.aborted || experiment !== null) throw error;
    warn((error as Error).message);
    return ofModel;
  }
}

export interface SearchedModel {
  readonly config: TigerConfig;
  readonly weights: HostTensors;
  /** As in `TigerParts`. */
  readonly itemIds: Int32Array;
  /** float32 `[N + 1, F]`; null: there are no texts. */
  readonly itemTexts: HostTensor | null;
  readonly neighbours: NeighbourTable;
  readonly popularity: Float32Array;
  readonly evaluation: EvaluationInput;
}

/** @returns A model that is measured for its training: in every thread it gives the same figures. */
export function openMeasured(parts: Omit<TigerParts, 'weights' | 'hasAllParts' | 'threads'>): Tiger {
  const prior = { ...priorOf(PARTS, parts.itemTexts !== null), neighbourDecay: PRIOR_DECAY, repeats: PRIOR_REPEATS };
  // A second thread makes the lists of a batch no faster, and takes a quarter more of the processor.
  return Tiger.open({ ...parts, weights: { unseen: prior, seenKept: prior }, hasAllParts: true, threads: 1 });
}

/** @param model - Its arrays must not change any more; threads may share them. */
export function openSearched({ evaluation, weights, ...parts }: SearchedModel, device: Device): HeldOutRanker {
  const model = modelOf(parts.config, evaluation.semanticIds.length, weights, device, 'the measured model');
  const itemTexts = parts.itemTexts && variableOf(parts.itemTexts);
  return new HeldOutRanker(
    openMeasured({ ...parts, model, texts: null, itemTexts, device, isFrozen: true }),
    evaluation,
  );
}
