import { codesKey, codesOfKey } from '../../../src/storage/code-keys';

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
