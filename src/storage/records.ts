/** Rows of the database as records of the API. Those of items are in item-columns.ts. */
import type { InteractionKind, InteractionRecord } from '../../graphql/interaction/records';
import type { MetricRecord, ModelVersionRecord } from '../../graphql/model-version/records';
import type { ModelStatus } from '../../graphql/model-version/types';
import type { SemanticIdRecord } from '../../graphql/semantic-id/records';
import type { TrainingJobRecord, TrainingProgressRecord, TrainingStatus } from '../../graphql/training/records';
import type { UserRecord } from '../../graphql/user/records';
import type { Interaction, ModelVersion, SemanticId, TrainingJob, User } from '../../prisma/generated/sqlite/client';
import { codesOfKey } from './code-keys';

export function userRecord(row: Pick<User, 'id' | 'externalId'>): UserRecord {
  return { id: row.id, externalId: row.externalId };
}

export function interactionRecord({ id, userId, itemId, kind, rating, occurredAt }: Interaction): InteractionRecord {
  return { id, userId, itemId, kind: kind as InteractionKind, rating, occurredAt };
}

export function semanticIdRecord(row: Pick<SemanticId, 'itemId' | 'codesKey'>): SemanticIdRecord {
  return { itemId: row.itemId, codes: codesOfKey(row.codesKey) };
}

export function modelVersionRecord(row: ModelVersion): ModelVersionRecord {
  return {
    id: row.id,
    number: row.number,
    status: row.status as ModelStatus,
    preset: row.preset,
    device: row.device,
    parameterCount: row.parameterCount,
    createdAt: row.createdAt,
    trainingJobId: row.trainingJobId,
    parentId: row.parentId,
    metrics: row.metrics as unknown as MetricRecord[],
  };
}

/** Prisma's `include` of what a training job's record needs beside its row. */
export const WITH_MODEL_VERSION = { modelVersion: { select: { id: true } } } as const;

export function trainingJobRecord(row: TrainingJob & { modelVersion: { id: number } | null }): TrainingJobRecord {
  return {
    id: row.id,
    status: row.status as TrainingStatus,
    preset: row.preset,
    seed: row.seed,
    reuseTokenizer: row.reuseTokenizer,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    progress: row.progress === null ? null : progressRecord(row.progress),
    modelVersionId: row.modelVersion?.id ?? null,
    error: row.error,
  };
}

/** @param stored - A job's progress, or the record of a progress event: not null. */
export function progressRecord(stored: unknown): TrainingProgressRecord {
  return stored as TrainingProgressRecord;
}
