import { packTexts, textAt, unpackTexts } from '../../../models/math/packed-texts';

describe('packTexts', () => {
  it('keeps texts of any length and alphabet', () => {
    const texts = ['', 'plain', 'Ünïcode 🎈', '', 'last'];
    const packed = packTexts(texts);
    expect(unpackTexts(packed)).toEqual(texts);
    expect(textAt(packed, 2)).toBe('Ünïcode 🎈');
    expect(unpackTexts(packTexts([]))).toEqual([]);
  });
});
