import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { CheckpointError } from '../../../models/checkpoint/plain-file';
import { encodeTensors, headerEnd, tensorPlaces } from '../../../models/checkpoint/safetensors';
import { type StoredTensor, TensorFiles } from '../../../models/checkpoint/stored-tensor';
import { pickFrom } from '../../../models/math/rows';
import { temporaryFolder } from '../../support/temporary-folder';

const TENSORS = {
  steps: { shape: [3], data: Int32Array.of(7, 8, 9) },
  vectors: { shape: [4, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7) },
  cube: { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) },
};

describe('TensorFiles', () => {
  let dir: string;
  let path: string;
  let stored: Record<string, StoredTensor>;
  let files: TensorFiles;
  beforeEach(async () => {
    dir = temporaryFolder();
    path = join(dir, 'file.safetensors');
    const bytes = encodeTensors(TENSORS);
    await writeFile(path, bytes);
    const places = tensorPlaces(bytes.subarray(0, headerEnd(bytes, bytes.length, path)));
    stored = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, { path, ...place }]));
    files = await TensorFiles.open(Object.values(stored));
  });
  afterEach(() => files.close());

  it('reads rows where they lie, up to the last', () => {
    const rows = files.rows(stored.vectors);
    expect([rows.count, rows.dims]).toEqual([4, 2]);
    expect([...rows.slice(1, 3)]).toEqual([2, 3, 4, 5]);
    expect([...rows.slice(3, 9)]).toEqual([6, 7]);
    expect(pickFrom(rows, [3, 0, 3]).values).toEqual(Float32Array.of(6, 7, 0, 1, 6, 7));
    expect(pickFrom(rows, []).values).toEqual(new Float32Array(0));
  });

  it('reads on after the file was removed', async () => {
    await rm(path);
    expect([...files.rows(stored.vectors).slice(0, 1)]).toEqual([0, 1]);
  });

  it('refuses numbers of another type, and a file that was cut', async () => {
    expect(() => files.integers(stored.vectors)).toThrow('expected a tensor of I32, got one of F32');
    await truncate(path, stored.cube.position + 4);
    const read = () => files.rows(stored.cube).slice(0, 2);
    expect(read).toThrow(CheckpointError);
    expect(read).toThrow(/file\.safetensors: expected 12 bytes more from byte \d+ on, got none/);
  });
});
