import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../../src/paths';
import { temporaryFolder } from '../../../support/temporary-folder';

const DIST = join(PACKAGE_ROOT, 'dist');
const IN_THIS_THREAD = `
  const { openDevice } = require('${DIST}/models/compute/backends.js');
  openDevice({ backend: 'onnx-cpu', threads: 1 }).then((device) => console.log(device.kind));`;
/** The call fails after the device is open, since there is no model. */
const IN_A_WORKER = `
  const { spawnWorker } = require('${DIST}/src/workers/spawn-worker.js');
  const worker = spawnWorker('decode', { backend: 'onnx-cpu', threads: 1 });
  const model = { modelVersionId: 1, checkpoint: {}, checkpointDir: '' };
  worker.call({ type: 'prepare', ...model }).catch(() => console.log('onnx-cpu')).then(() => worker.dispose());`;

describe('forbidTelemetry', () => {
  let home: string;
  beforeEach(() => (home = temporaryFolder()));

  /** The library also keeps still where it takes the machine for one of a test farm. */
  function run(script: string): string {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home };
    for (const name of ['CI', 'ORT_DISABLE_TELEMETRY', 'XDG_CACHE_HOME']) delete env[name];
    return execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  }

  it.each([
    ['in the thread that opens a device', IN_THIS_THREAD],
    ['in a worker', IN_A_WORKER],
  ])('keeps the runtime from writing down what it would report, %s', (_, script) => {
    expect(run(script)).toBe('onnx-cpu\n');
    expect(existsSync(join(home, '.cache')) ? readdirSync(join(home, '.cache')) : []).toEqual([]);
  });
});
