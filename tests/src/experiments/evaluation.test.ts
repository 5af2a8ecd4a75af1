import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDataset } from '../../../src/datasets/read-dataset';
import { evaluateDataset, type EvaluationSettings } from '../../../src/experiments/evaluation';
import { digestOf, readExperimentData } from '../../../src/experiments/experiment-data';
import { RESEARCH, useFolder, type Files } from '../../support/dataset-files';
import { createFakeAssigner } from '../../support/fake-assigner';

const SETTINGS: EvaluationSettings = {
  preset: 'tiny',
  seed: 1,
  cut: null,
  ties: 'filed',
  coldShare: 0,
  hasDiversity: false,
};
const OTHER_TEXTS = String(RESEARCH['items.jsonl']).replace('Teapot', 'Milk jug');
const EVENTS = { onProgress: () => undefined, onWarning: () => undefined };

// experiment.test.ts tests whole runs.
describe('evaluateDataset', () => {
  const write = useFolder();

  /** Claims the work folder, and ends before the training begins. */
  async function begin(dir: string, changes: Partial<EvaluationSettings> = {}): Promise<unknown> {
    const dataset = await readDataset(dir);
    const data = await readExperimentData(dataset);
    const parts = {
      dataset,
      data,
      digest: digestOf(data),
      assigner: createFakeAssigner(),
      backend: 'onnx-cpu',
    } as const;
    const stopped = AbortSignal.abort(new Error('stopped'));
    return evaluateDataset(parts, { ...SETTINGS, ...changes }, join(dir, 'work'), EVENTS, stopped).catch(
      (error: unknown) => error,
    );
  }

  it('stops at a signal, and takes up the same run in the same folder', async () => {
    const dir = write({ ...RESEARCH, 'sequences.txt': 'ann 1 b 3 1\nbob 3 1\n' });
    for (let run = 0; run < 2; run++) expect(await begin(dir)).toMatchObject({ message: 'stopped' });
    expect(existsSync(join(dir, 'work', 'settings.json'))).toBe(true);
  });

  it.each<[string, Partial<EvaluationSettings>, string]>([
    ['another order of ties', { ties: 'shuffled' }, 'with ties: shuffled, got one with ties: filed'],
    ['another seed', { seed: 2 }, 'with seed: 2, got one with seed: 1'],
  ])('refuses a folder with the state of %s', async (_, changes, difference) => {
    const dir = write(RESEARCH);
    await begin(dir);
    const failure = await begin(dir, changes);
    expect(failure).toMatchObject({ message: expect.stringContaining(difference) });
  });

  it.each<[string, Files, string]>([
    [
      'as much data in another order',
      { 'sequences.txt': 'ann b 1 3 1\nbob 3 1\n' },
      'expected the state of an experiment with data: ',
    ],
    ['other texts', { 'items.jsonl': OTHER_TEXTS }, 'expected the state of an experiment with data: '],
  ])('refuses a folder with the state of %s', async (_, files, difference) => {
    const dir = write({ ...RESEARCH, 'sequences.txt': 'ann 1 b 3 1\nbob 3 1\n' });
    await begin(dir);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    expect(await begin(dir)).toMatchObject({ message: expect.stringContaining(difference) });
  });
});
