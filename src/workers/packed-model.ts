/** A model that is measured, as threads can share it. */
import { Rows } from '../../models/math/rows';
import { codeTableOf } from '../../models/semantic-id/semantic-ids';
import type { SearchedModel } from '../../models/training/measure-model';
import type { PackedModel } from './messages';
import { packLog, unpackLog } from './packed-log';
import { onSharedMemory } from './shared-memory';

/**
 * @returns The same model, with all large arrays on shared memory but for the weights: each thread needs a copy of these, since ONNX
 *   Runtime takes no inputs from there.
 */
export function packModel({ weights, itemTexts, evaluation, ...model }: SearchedModel): PackedModel {
  const { semanticIds, log, ...others } = evaluation;
  const { codes, idLength } = codeTableOf(model.itemIds, semanticIds);
  const packed = { ...others, log: packLog(log), codes, idLength };
  return { ...onSharedMemory({ ...model, evaluation: packed }), weights, itemTexts };
}

export function unpackModel({ evaluation, ...model }: PackedModel): SearchedModel {
  const { log, codes, idLength, ...others } = evaluation;
  const semanticIds = new Rows(codes, idLength).lists();
  return { ...model, evaluation: { ...others, log: unpackLog(log), semanticIds } };
}
