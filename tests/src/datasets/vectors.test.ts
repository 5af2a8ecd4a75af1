import { openVectors } from '../../../src/datasets/vectors';
import { collect } from '../../support/collect';
import { itRefuses, RESEARCH, useFolder, type Files } from '../../support/dataset-files';

const THREE_BY_FOUR = new Int8Array([127, 0, 0, 0, 0, -90, 0, 0, 3, 4, 0, 0]);
const header = (change: object = {}) => JSON.stringify({ rows: 3, dims: 4, dtype: 'int8', ...change });

describe('openVectors', () => {
  const write = useFolder();

  it.each([
    ['int8', THREE_BY_FOUR],
    ['float32', new Uint8Array(Float32Array.from(THREE_BY_FOUR).buffer)],
  ])('scales each row of %s to length 1', async (dtype, bytes) => {
    const files = {
      'vectors.json': header({ dtype, encoder: 'mine' }),
      [`vectors.${dtype}.bin`]: new Uint8Array(bytes.buffer),
    };
    const vectors = await openVectors(write(files));
    expect(vectors).toMatchObject({ rows: 3, dims: 4, encoder: 'mine' });
    expect((await collect(vectors!.read())).map((vector) => [...vector])).toEqual([
      [1, 0, 0, 0],
      [0, -1, 0, 0],
      [Math.fround(0.6), Math.fround(0.8), 0, 0],
    ]);
  });

  it('finds none in a folder without them', async () => {
    expect(await openVectors(write(RESEARCH))).toBeNull();
  });

  const described = (text: string, size: number): Files => ({
    ...RESEARCH,
    'vectors.json': text,
    'vectors.int8.bin': new Uint8Array(size).fill(1),
  });

  itRefuses([
    ['vectors of another size', described(header(), 11), 'vectors.int8.bin', null, /= 12 bytes, got 11/],
    ['a description without dims', described(header({ dims: undefined }), 12), 'vectors.json', null, /^dims: expected/],
    ['vectors wider than the API takes', described(header({ dims: 4097 }), 3 * 4097), 'vectors.json', null, /^dims: .*4096/],
    ['vectors that nothing describes', { ...RESEARCH, 'vectors.int8.bin': new Uint8Array(12) }, 'vectors.int8.bin', null, /^expected vectors.json beside this file/],
    [
      'a vector of zeros',
      { ...described(header(), 12), 'vectors.int8.bin': new Uint8Array(12).fill(1, 0, 8) },
      'vectors.int8.bin',
      3,
      /not all zero/,
    ],
  ]); // prettier-ignore
});
