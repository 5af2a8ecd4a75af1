import { encodeTensors, headerEnd } from '../../../models/checkpoint/safetensors';

const TENSORS = {
  weight: { shape: [2, 1], data: Float32Array.of(1, -2) },
  rows: { shape: [1], data: Int32Array.of(258) },
};

describe('encodeTensors', () => {
  it('writes the length of the header, the header with blanks up to a multiple of eight bytes, and the values', () => {
    const bytes = encodeTensors(TENSORS);
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      weight: { dtype: 'F32', shape: [2, 1], data_offsets: [0, 8] },
      rows: { dtype: 'I32', shape: [1], data_offsets: [8, 12] },
    });
    // Little-endian: 1 is 0x3f800000, −2 is 0xc0000000, 258 is 0x102.
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 2, 1, 0, 0]);
  });
});

describe('headerEnd', () => {
  it('refuses a header that is longer than the file', () => {
    expect(() => headerEnd(encodeTensors(TENSORS), 40, 'a/file')).toThrow(
      /^a\/file: expected a header of \d+ bytes, got 40 bytes in all$/,
    );
  });
});
