/** Opens the model of a training to be measured, in its own thread and in those that help. */
import { modelOf } from '../checkpoint/model-weights';
import type { Device, HostTensor, HostTensors } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TigerConfig } from '../config';
import type { NeighbourTable } from '../decoding/evidence/neighbours';
import { PARTS } from '../decoding/mixture';
import { PRIOR_DECAY, PRIOR_REPEATS, priorOf } from '../evaluation/choose-weights';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/held-out-ranker';
import { Tiger } from '../serving/tiger-model';
import type { TigerParts } from '../serving/tiger-parts';

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
