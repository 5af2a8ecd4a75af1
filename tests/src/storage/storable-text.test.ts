import { isStorableText } from '../../../src/storage/storable-text';

describe('isStorableText', () => {
  it.each(['', 'Łampe', '\u0001\n', '😀', '\ufffd'])('takes %j', (text) => {
    expect(isStorableText(text)).toBe(true);
  });

  it.each(['\0', 'a\0b', '\ud83d', 'a\udc00', '\udc00\ud83d'])('refuses %j', (text) => {
    expect(isStorableText(text)).toBe(false);
  });
});
