import { BEGIN_TOKEN, createVocabulary, levelOffset, PAD_TOKEN, userToken } from '../../../models/seq2seq/vocabulary';

describe('createVocabulary', () => {
  it('has a token for every special, user and code, and no two share one', () => {
    const vocabulary = createVocabulary(2, 4, 3);
    expect(vocabulary).toEqual({ size: 2 + 3 + 3 * 4, idLength: 3, codebookSize: 4, userTokens: 3 });
    const codes = [0, 1, 2].flatMap((level) => [0, 1, 2, 3].map((code) => levelOffset(vocabulary, level) + code));
    const all = [PAD_TOKEN, BEGIN_TOKEN, 2, 3, 4, ...codes]; // 2 … 4 are the users'
    expect(all).toEqual(Array.from({ length: vocabulary.size }, (_, token) => token));
  });
});

describe('userToken', () => {
  const vocabulary = createVocabulary(2, 4, 1000);

  it('hashes a key by FNV-1a over its bytes', () => {
    // Published values of 32-bit FNV-1a: "" 0x811c9dc5, "a" 0xe40c292c, "foobar" 0xbf9cf968.
    expect(userToken(vocabulary, '')).toBe(2 + (0x811c9dc5 % 1000));
    expect(userToken(vocabulary, 'a')).toBe(2 + (0xe40c292c % 1000));
    expect(userToken(vocabulary, 'foobar')).toBe(2 + (0xbf9cf968 % 1000));
  });
});
