import { codesKey, codesOfKey, firstDigitOf, keysUnder, levelOfKey, prefixOfKey } from '../../../src/storage/code-keys';

describe('codesKey', () => {
  it('writes four digits for each code, and reads them back', () => {
    expect(codesKey([0, 12, 9_999])).toBe('0000.0012.9999');
    expect(codesOfKey('0000.0012.9999')).toEqual([0, 12, 9_999]);
    expect([codesKey([]), codesOfKey('')]).toEqual(['', []]);
  });

  it('makes keys that sort as their codes do', () => {
    const ids = [[2], [10], [1]].flatMap(([a]) => [[3], [20], [0]].map(([b]) => [a, b]));
    const byCodes = [...ids].sort(([a, b], [c, d]) => a - c || b - d).map(codesKey);
    expect(ids.map(codesKey).sort()).toEqual(byCodes);
  });

  it.each([[[10_000]], [[-1]], [[0.5]], [[NaN]]])('refuses %j, naming what is expected', (codes) => {
    expect(() => codesKey(codes)).toThrow(`codes: expected whole numbers from 0 to 9,999, got [${codes[0]}]`);
  });
});

describe('keysUnder', () => {
  it('bounds the keys of so many codes that begin with the prefix', () => {
    expect(keysUnder([7], 3)).toEqual({ gte: '0007.0000.0000', lte: '0007.9999.9999' });
    expect(keysUnder([], 1)).toEqual({ gte: '0000', lte: '9999' });
    expect(keysUnder([1, 2], 2)).toEqual({ gte: '0001.0002', lte: '0001.0002' });
  });
});

describe('prefixOfKey, levelOfKey and firstDigitOf', () => {
  it('cut a key at its levels', () => {
    const key = '0001.0002.0003';
    expect([0, 1, 2, 3].map((level) => prefixOfKey(key, level))).toEqual(['', '0001', '0001.0002', key]);
    expect(['', '0001', key].map(levelOfKey)).toEqual([0, 1, 3]);
    // As `substr` counts, from 1.
    expect([0, 1, 2].map((level) => key.substring(firstDigitOf(level) - 1, firstDigitOf(level) + 3))).toEqual([
      '0001',
      '0002',
      '0003',
    ]);
  });
});
