import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkpointPath, pathInDataDir } from '../../../src/checkpoints/checkpoint-paths';

describe('checkpointPath', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-paths-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('finds a checkpoint after the data folder has been moved', () => {
    expect(checkpointPath('/after', 'jobs/1-ab/checkpoint-2')).toBe('/after/jobs/1-ab/checkpoint-2');
  });

  it('reads an absolute path of an older version, and its job folder when the path leads nowhere', () => {
    const old = join(dir, 'old', 'jobs', '3', 'checkpoint');
    mkdirSync(old, { recursive: true });
    expect(checkpointPath('/data', old)).toBe(old);
    rmSync(old, { recursive: true });
    expect(checkpointPath('/data', old)).toBe('/data/jobs/3/checkpoint');
  });

  it('reads a path from the working directory of an older version', () => {
    expect(checkpointPath('data', 'data/jobs/3/checkpoint')).toBe('data/jobs/3/checkpoint');
  });

  it('leaves a path alone that is in no job folder', () => {
    expect(checkpointPath('/data', '/elsewhere')).toBe('/elsewhere');
  });

  it('tells the key of a path in any data folder', () => {
    expect(pathInDataDir('/before/jobs/3/checkpoint')).toBe('jobs/3/checkpoint');
    expect(pathInDataDir('jobs/1-ab/checkpoint-12')).toBe('jobs/1-ab/checkpoint-12');
    expect(pathInDataDir('/elsewhere')).toBeNull();
  });
});
