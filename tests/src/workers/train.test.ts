import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { presetConfig } from '../../../models/config';
import { packTexts } from '../../../models/math/packed-texts';
import { createRandom } from '../../../models/math/random';
import type { TrainEvent, TrainProtocol, TrainRequest } from '../../../src/workers/messages';
import { spawnWorker, type WorkerClient } from '../../../src/workers/spawn-worker';
import { walkingLog } from '../../support/little-log';
import { temporaryFolder } from '../../support/temporary-folder';

const [ITEMS, DIMS] = [24, 12];

describe('the train worker', () => {
  let folder: string;
  let worker: WorkerClient<TrainProtocol>;
  beforeAll(() => {
    folder = temporaryFolder();
    worker = spawnWorker('train', { backend: 'onnx-cpu' });
  });
  afterAll(() => worker.dispose());

  function request(jobDir: string, statesDir?: string): TrainRequest {
    const { userKeys, ...log } = walkingLog(30, 8, ITEMS);
    const random = createRandom(5);
    const config = presetConfig('tiny');
    return {
      type: 'train',
      jobId: 1,
      config: { ...config, training: { ...config.training, epochs: 1 } },
      itemIds: Int32Array.from({ length: ITEMS }, (_, row) => 100 + row),
      log: { ...log, userKeys: packTexts(userKeys) },
      vectors: Float32Array.from({ length: ITEMS * DIMS }, () => random.normal()),
      dims: DIMS,
      texts: packTexts([]),
      categories: [],
      experiment: null,
      tokenizerFrom: null,
      presentCodes: null,
      jobDir: join(folder, jobDir),
      statesDir,
    };
  }

  it('gives the codes of every item by the ids that it got, and keeps no states that nobody wants', async () => {
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => void events.push(event);
    const { table, device } = await worker.call(request('whole'), [], { onEvent });
    expect(device).toContain('ONNX Runtime');
    expect([...table.itemIds]).toEqual(Array.from({ length: ITEMS }, (_, row) => 100 + row));
    expect(table.codes).toHaveLength(ITEMS * table.idLength);
    expect(events.some(({ type }) => type === 'progress')).toBe(true);
    expect(events.some(({ type }) => type === 'state')).toBe(false);
  }, 60_000);

  it('copies each state into the folder named, and stops when it is no longer wanted', async () => {
    const stop = new AbortController();
    const dirs: string[] = [];
    const onEvent = (event: TrainEvent) => {
      if (event.type !== 'state') return;
      dirs.push(event.dir);
      stop.abort();
    };
    const statesDir = join(folder, 'states');
    const training = worker.call(request('stopped', statesDir), [], { signal: stop.signal, onEvent });
    await expect(training).rejects.toMatchObject({ name: 'AbortError' });
    expect(dirname(dirs[0])).toBe(statesDir);
    expect(readdirSync(dirs[0])).toHaveLength(1);
  }, 60_000);
});
