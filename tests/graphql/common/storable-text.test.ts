import { isStorableText, unstorablePath } from '../../../graphql/common/storable-text';

describe('isStorableText', () => {
  it.each(['', 'Łampe', '\u0001\n', '😀', '\ufffd'])('takes %j', (text) => {
    expect(isStorableText(text)).toBe(true);
  });

  it.each(['\0', 'a\0b', '\ud83d', 'a\udc00', '\udc00\ud83d'])('refuses %j', (text) => {
    expect(isStorableText(text)).toBe(false);
  });
});

describe('unstorablePath', () => {
  it.each<[unknown, string[] | null]>([
    [{ a: ['x', { b: '😀' }], c: null, d: 1, e: undefined }, null],
    [{ a: ['x', { b: 'half \ud83d pair' }] }, ['a', '1', 'b']],
    [{ a: { 'b\0': 1 } }, ['a']],
    ['\0', []],
  ])('gives of %j the path %j', (value, path) => {
    expect(unstorablePath(value)).toEqual(path);
  });
});
