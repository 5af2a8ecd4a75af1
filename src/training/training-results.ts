/** Stores the result of a training: vectors, a tokenizer with its semantic IDs, and a model version. */
import { Rows } from '../../models/math/rows';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { ModelVersion, TrainingJob } from '../../prisma/generated/sqlite/client';
import { recountPrefixes } from '../semantic-ids/semantic-id-rows';
import { insertRows } from '../storage/bulk-rows';
import { changesSince, currentVersion } from '../storage/change-log';
import { codesKey } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import { readVectors, writeVectors } from '../storage/item-vectors';
import type { Transaction } from '../storage/transaction';
import type { CodeTable, TrainRequest, TrainResult } from '../workers/messages';

/** Stores the result as a version that is not live. */
export async function storeTrainingResult(
  transaction: Transaction,
  job: TrainingJob,
  request: Pick<TrainRequest, 'config' | 'dims'>,
  result: TrainResult,
): Promise<ModelVersion> {
  await storeVectors(transaction, request.dims, result);
  const tokenizerId = job.tokenizerId ?? (await createTokenizer(transaction, request, result));
  // Under a reused tokenizer items keep the IDs that they have; the activation gives IDs to the others.
  if (job.tokenizerId === null) await storeCodes(transaction, tokenizerId, job.catalogueVersion, result.table);
  const last = await transaction.modelVersion.findFirst({ orderBy: { number: 'desc' }, select: { number: true } });
  const parent = await transaction.modelVersion.findFirst({ where: { status: 'ACTIVE' }, select: { id: true } });
  return transaction.modelVersion.create({
    data: {
      number: (last?.number ?? 0) + 1,
      tokenizerId,
      checkpointDir: result.checkpointDir,
      status: 'TRAINED',
      preset: job.preset,
      device: result.device,
      parameterCount: result.parameterCount,
      metrics: result.metrics.map((metric) => ({ ...metric })),
      parentId: parent?.id ?? null,
      trainingJobId: job.id,
      catalogueVersion: job.catalogueVersion,
    },
  });
}

/** Stores the vectors that the training made, except for items that have got one in the meantime. */
async function storeVectors(
  transaction: Transaction,
  dims: number,
  { encoded, table: { itemIds } }: TrainResult,
): Promise<void> {
  const vectors = new Rows(encoded.vectors, dims);
  const made = Array.from(encoded.rows, (row, i) => ({
    itemId: itemIds[row],
    encoder: SENTENCE_ENCODER,
    dims,
    vector: vectors.row(i),
  }));
  const stored = await readVectors(
    transaction,
    made.map(({ itemId }) => itemId),
  );
  await writeVectors(
    transaction,
    made.filter(({ itemId }) => !stored.has(itemId)),
  );
}

async function createTokenizer(
  transaction: Transaction,
  request: Pick<TrainRequest, 'config' | 'dims'>,
  result: TrainResult,
): Promise<number> {
  const { kind, numLevels, codebookSize } = request.config.tokenizer;
  const { id } = await transaction.tokenizer.create({
    data: {
      kind,
      numLevels,
      codebookSize,
      // The model writes the collision token with as many tokens as any other level has codes.
      collisionSize: codebookSize,
      dims: request.dims,
      checkpointDir: result.checkpointDir,
    },
  });
  return id;
}

/**
 * Stores the codes of the items whose text and vector have not changed since the job began; the activation gives codes to the
 * others. Codes of items removed meanwhile are stored, but their prefixes are not counted.
 */
async function storeCodes(
  transaction: Transaction,
  tokenizerId: number,
  since: number,
  table: CodeTable,
): Promise<void> {
  const changes = await changesSince(transaction, since);
  const isStale = new Set(changes.filter(({ isReencoded }) => isReencoded).map(({ itemId }) => itemId));
  const codes = new Rows(table.codes, table.idLength);
  const rows: { tokenizerId: number; itemId: number; codesKey: string }[] = [];
  await forEachYielding(table.itemIds, (itemId, row) => {
    if (isStale.has(itemId)) return;
    rows.push({ tokenizerId, itemId, codesKey: codesKey([...codes.row(row)]) });
  });
  await insertRows(transaction, 'SemanticId', rows);
  await recountPrefixes(transaction, tokenizerId);
  const catalogueVersion = await currentVersion(transaction);
  await transaction.tokenizer.update({ where: { id: tokenizerId }, data: { catalogueVersion } });
}
