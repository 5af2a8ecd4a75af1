/** The worker without a model. What it does with one is tested by recommend/item-head.test.ts, through the decode pool. */
import type { DecodeProtocol, DecodeWorkerData } from '../../../src/workers/messages';
import { spawnWorker, type WorkerClient } from '../../../src/workers/spawn-worker';
import { userOf } from '../../support/fake-decode-worker';

describe('the decode worker', () => {
  let worker: WorkerClient<DecodeProtocol>;
  beforeAll(() => {
    const data: DecodeWorkerData = { backend: 'onnx-cpu', threads: 1 };
    worker = spawnWorker('decode', data);
  });
  afterAll(() => worker.dispose());

  it('makes no list and no direction before a model is live', async () => {
    const refusal = { name: 'NoLiveModelError', message: 'recommend: expected a loaded model, got none' };
    await expect(worker.call({ type: 'recommend', users: [userOf(1)] })).rejects.toMatchObject(refusal);
    await expect(worker.call({ type: 'text-directions', items: [] })).rejects.toMatchObject(refusal);
  });

  it('takes changes, although it holds nothing', async () => {
    expect(await worker.call({ type: 'apply', catalogueVersion: 1, changes: [] })).toBeNull();
  });

  it('says which checkpoint it cannot read', async () => {
    const reading = worker.call({ type: 'read', checkpointDir: '/nowhere' });
    await expect(reading).rejects.toMatchObject({ name: 'CheckpointError' });
    await expect(reading).rejects.toThrow(/nowhere/);
  });
});
