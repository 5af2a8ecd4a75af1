import { sha256Hex } from '../../../src/files/disk';

describe('sha256Hex', () => {
  it('gives the digest of the standard for a text, and the same for its bytes', () => {
    // FIPS 180-2, appendix B.1
    const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect([sha256Hex('abc'), sha256Hex(Buffer.from('abc'))]).toEqual([ofAbc, ofAbc]);
    expect(sha256Hex('ü')).toBe(sha256Hex(Buffer.from('ü', 'utf8')));
  });
});
