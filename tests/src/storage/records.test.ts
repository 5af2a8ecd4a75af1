import type { ModelVersion, TrainingJob } from '../../../prisma/generated/sqlite/client';
import { codesKey } from '../../../src/storage/code-keys';
import { modelVersionRecord, semanticIdRecord, trainingJobRecord } from '../../../src/storage/records';

describe('semanticIdRecord', () => {
  it("has the codes of the row's key", () => {
    expect(semanticIdRecord({ itemId: 3, codesKey: codesKey([1, 250, 0]) })).toEqual({ itemId: 3, codes: [1, 250, 0] });
  });
});

describe('modelVersionRecord', () => {
  it('keeps to itself what the API does not show', () => {
    const shown = { id: 1, number: 2, status: 'ACTIVE', preset: 'tiny', device: 'd', parameterCount: 3, metrics: [] };
    const row = { ...shown, createdAt: new Date(0), trainingJobId: null, parentId: null, checkpointDir: '/secret' };
    const record = modelVersionRecord(row as unknown as ModelVersion);
    expect(record).toEqual({ ...shown, createdAt: new Date(0), trainingJobId: null, parentId: null });
  });
});

describe('trainingJobRecord', () => {
  const row = { id: 4, status: 'RUNNING', preset: 'tiny', config: {}, leaseFence: 2 } as unknown as TrainingJob;

  it('names the version that came of it, and none before its end', () => {
    expect(trainingJobRecord({ ...row, modelVersion: { id: 9 } })).toMatchObject({ id: 4, modelVersionId: 9 });
    const running = trainingJobRecord({ ...row, modelVersion: null });
    expect(running.modelVersionId).toBeNull();
    expect(Object.keys(running)).not.toContain('config');
  });
});
