/** Records about model versions, as the ports give them. */

export interface MetricRecord {
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

export type ModelStatus = 'TRAINED' | 'ACTIVE' | 'RETIRED' | 'REJECTED';

export interface ModelVersionRecord {
  readonly id: number;
  readonly number: number;
  readonly status: ModelStatus;
  readonly preset: string;
  readonly device: string;
  readonly parameterCount: number;
  readonly createdAt: Date;
  readonly trainingJobId: number | null;
  /** The version that was active when this one's training ended; null when none was. */
  readonly parentId: number | null;
  readonly metrics: readonly MetricRecord[];
}

export interface ActivationRecord {
  /** The change of the catalogue that it was. */
  readonly catalogueVersion: number;
  readonly modelVersion: ModelVersionRecord;
}
