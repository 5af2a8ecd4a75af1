/** A model that is measured, as threads can share it. */
import { Rows } from '../../models/math/rows';
import type { SearchedModel } from '../../models/training/searched-model';
import type { PackedModel } from './messages';
import { packTexts, unpackTexts } from './packed-texts';
import { onSharedMemory } from './shared-memory';

/**
 * @returns The same model, with all large arrays on shared memory but for the weights: each thread needs a copy of these, since ONNX
 *   Runtime takes no inputs from there.
 */
export function packModel({ weights, itemTexts, evaluation, ...model }: SearchedModel): PackedModel {
  const { semanticIds, log, ...others } = evaluation;
  const codes = Int32Array.from(semanticIds.flat());
  const packed = {
    ...others,
    log: { ...log, userKeys: packTexts(log.userKeys) },
    codes,
    idLength: semanticIds[0].length,
  };
  return { ...onSharedMemory({ ...model, evaluation: packed }), weights, itemTexts };
}

export function unpackModel({ evaluation, ...model }: PackedModel): SearchedModel {
  const { log, codes, idLength, ...others } = evaluation;
  const semanticIds = new Rows(codes, idLength).lists();
  return { ...model, evaluation: { ...others, log: { ...log, userKeys: unpackTexts(log.userKeys) }, semanticIds } };
}
