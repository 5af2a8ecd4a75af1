/** The end of a training: the model is measured and stored before the baselines are, so that what goes wrong there cannot lose it. */
import { rm } from 'node:fs/promises';

import { hasCheckpoint, loadCheckpoint } from '../checkpoint/checkpoint';
import type { MetricValue } from '../evaluation/metrics';
import type { Report } from '../evaluation/report';
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
    // What ended one thread while it measured the baselines, such as too little memory, would end the next.
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
