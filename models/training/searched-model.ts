/** A model and its held-out users as plain data, from which other threads open what they help to search. */
import { modelOf } from '../checkpoint/model-weights';
import type { Device, HostTensor, HostTensors } from '../compute/device';
import { variableOf } from '../compute/variables';
import type { TigerConfig } from '../config';
import type { NeighbourTable } from '../decoding/neighbour-mixture';
import { HeldOutRanker, type EvaluationInput } from '../evaluation/held-out-ranker';
import { Tiger } from '../serving/tiger-model';
import type { TigerParts } from '../serving/tiger-parts';

export interface SearchedModel {
  readonly config: TigerConfig;
  /** Of each model. */
  readonly weights: readonly HostTensors[];
  /** As in `TigerParts`. */
  readonly itemIds: Int32Array;
  /** float32 `[N + 1, F]`; null: the item head has no text half. */
  readonly itemTexts: HostTensor | null;
  readonly neighbours: NeighbourTable;
  readonly evaluation: EvaluationInput;
}

/** @returns A model that is measured while it is in training: in every thread it gives the same figures. */
export function openMeasured(parts: Omit<TigerParts, 'itemHeadShare' | 'isFrozen' | 'threads'>): Tiger {
  // A second thread makes the lists of a batch no faster, and takes a quarter more of the processor.
  return Tiger.open({ ...parts, itemHeadShare: 0, isFrozen: false, threads: 1 });
}

/** @param model - Its arrays must not change any more; threads may share them. */
export function openSearched({ evaluation, ...model }: SearchedModel, device: Device): HeldOutRanker {
  const { length } = evaluation.semanticIds;
  const models = model.weights.map((weights) => modelOf(model.config, length, weights, device, 'the measured model'));
  const itemTexts = model.itemTexts && variableOf(model.itemTexts);
  return new HeldOutRanker(openMeasured({ ...model, models, texts: null, itemTexts, device }), evaluation);
}
