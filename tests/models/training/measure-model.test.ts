import { join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { plainMetric, type MetricValue } from '../../../models/evaluation/metrics';
import type { Report } from '../../../models/evaluation/report';
import { measureModel } from '../../../models/training/measure-model';
import { bothKinds } from '../../support/candidates';
import { temporaryFolder } from '../../support/temporary-folder';

const OWN = plainMetric('ndcg@10', 0.5);
const OF_BASELINE = plainMetric('baseline.popularity.ndcg@10', 0.25);

let dir: string;
let warnings: string[];
let numReports: number;

beforeEach(async () => {
  [warnings, numReports] = [[], 0];
  dir = join(temporaryFolder(), 'checkpoint');
});

/** @param isServed - Whether the model is to serve; else it is one of an experiment. */
function measure(compare: Report['compare'], isServed = true, abort = new AbortController()) {
  const experiment = isServed ? null : { withheld: new Int32Array(0), hasDiversity: false };
  const run = { signal: abort.signal, onWarning: (message: string) => void warnings.push(message) };
  const weights = bothKinds({ decoder: 0.5, itemHead: 0.5 });
  const save = async (metrics: readonly MetricValue[]) => {
    await saveCheckpoint(dir, { tensors: {}, documents: { metrics } });
    return metrics;
  };
  return measureModel(dir, { experiment }, run, async () => {
    numReports++;
    return { report: { weights, metrics: [OWN], compare }, save };
  });
}
const stored = async () => (await loadCheckpoint(dir)).documents.metrics as MetricValue[];

describe('measureModel', () => {
  it('stores the model before the baselines are measured, then with their figures', async () => {
    const before: MetricValue[] = [];
    const metrics = await measure(async () => {
      before.push(...(await stored()));
      return [OF_BASELINE];
    });
    expect(before).toEqual([OWN]);
    expect(metrics).toEqual([OWN, OF_BASELINE]);
    expect(await stored()).toEqual(metrics);
    expect(warnings).toEqual([]);
  });

  it('leaves a model that is to serve without figures of baselines when these fail', async () => {
    expect(await measure(() => Promise.reject(new Error('too little memory')))).toEqual([OWN]);
    expect(await stored()).toEqual([OWN]);
    expect(warnings).toEqual(['The version has no figures of baselines: too little memory.']);
  });

  it('does not measure baselines again that have ended a thread', async () => {
    await saveCheckpoint(dir, { tensors: {}, documents: { metrics: [OWN] } });
    expect(await measure(() => Promise.reject(new Error('expected no second try')))).toEqual([OWN]);
    expect(numReports).toBe(0);
    expect(warnings).toEqual(['The version has no figures of baselines: the thread ended while it measured them.']);
  });

  it('fails with the baselines of an experiment, and measures all anew when it goes on', async () => {
    await expect(measure(() => Promise.reject(new Error('too little memory')), false)).rejects.toThrow('too little');
    expect(await measure(async () => [OF_BASELINE], false)).toEqual([OWN, OF_BASELINE]);
    expect(numReports).toBe(2);
  });
});
