import { attributesErrors, embeddingErrors, textErrors } from '../../../src/catalogue/field-checks';

describe('textErrors', () => {
  it('asks for a visible character', () => {
    expect(textErrors('title', ' a ', 3)).toEqual([]);
    for (const text of [null, '', ' \n\t'])
      expect(textErrors('title', text, 3)).toEqual([
        { code: 'INVALID', message: 'title: expected text, got none', field: ['items', '3', 'title'] },
      ]);
  });
});

describe('attributesErrors', () => {
  /** A value whose JSON has so many bytes: two quotes and characters of two bytes, and one of one byte if need be. */
  const ofBytes = (bytes: number) => 'é'.repeat((bytes - 2) >> 1) + 'a'.repeat(bytes % 2);

  it('takes 16 KiB of JSON, counted in bytes, and not one more', () => {
    expect(attributesErrors(undefined, 0)).toEqual([]);
    expect(attributesErrors(ofBytes(16_384), 0)).toEqual([]);
    expect(attributesErrors(ofBytes(16_385), 2)).toEqual([
      {
        code: 'OUT_OF_RANGE',
        message: 'attributes: expected at most 16384 bytes of JSON, got 16385',
        field: ['items', '2', 'attributes'],
      },
    ]);
  });
});

describe('embeddingErrors', () => {
  it('takes numbers as wide as the vectors of the shop', () => {
    expect(embeddingErrors([0.5, -1, 2], 3, 0)).toEqual([]);
  });

  it.each([
    [[0.5], 3, '3 numbers, got 1'],
    [[], 3, '3 numbers, got 0'],
    [[0.5], 0, 'some numbers, got 1'],
    [[], 0, 'some numbers, got 0'],
    [[0.5, NaN], 2, 'finite numbers, got NaN'],
  ])('refuses %j where vectors have the width %d', (embedding, dims, problem) => {
    expect(embeddingErrors(embedding, dims, 4)).toEqual([
      { code: 'INVALID', message: `embedding: expected ${problem}`, field: ['items', '4', 'embedding'] },
    ]);
  });
});
