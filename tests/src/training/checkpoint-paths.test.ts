import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkpointPath, storedPath } from '../../../src/training/checkpoint-paths';

describe('checkpointPath', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-paths-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('finds a checkpoint after the data folder has been moved', () => {
    const stored = storedPath('/before', '/before/jobs/1-ab/checkpoint');
    expect(stored).toBe('jobs/1-ab/checkpoint');
    expect(checkpointPath('/after', stored)).toBe('/after/jobs/1-ab/checkpoint');
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
});
