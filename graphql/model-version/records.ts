/** Records about model versions, as the ports give them. */
import type { Metric, ModelVersion } from './types';

export type { Metric as MetricRecord, ModelActivation as ActivationRecord } from './types';

export interface ModelVersionRecord extends ModelVersion {
  readonly id: number;
  readonly trainingJobId: number | null;
  /** The version that was active when this one's training ended; null when none was. */
  readonly parentId: number | null;
  readonly metrics: readonly Metric[];
}
