import fc from 'fast-check';

import { type VocabularyEntry, WordPieces } from '../../../models/text/word-pieces';

const RESERVED = Array.from({ length: 6 }, (_, id): VocabularyEntry => [`<${id}>`, 0]);

/** A vocabulary has every letter, so that every text can be cut. */
const LETTERS = Array.from('▁abcdefghijklmnopqrstuvwxyz', (letter): VocabularyEntry => [letter, -9]);

/** @returns The pieces as they are written; an unknown one as a question mark. */
function cut(entries: readonly VocabularyEntry[], text: string): string[] {
  const vocabulary = [['?', 0] as const, ...RESERVED.slice(1), ...entries];
  return new WordPieces(vocabulary).encode(text).map((id) => vocabulary[id][0]);
}

describe('WordPieces', () => {
  it('takes the likeliest cut, not the longest pieces', () => {
    // ▁tea + pot: −1 − 2 = −3; ▁teap + ot: −1 − 5 = −6; ▁t + eapot: −2 − 2 = −4
    const entries = [['▁t', -2], ['▁tea', -1], ['▁teap', -1], ['pot', -2], ['ot', -5], ['eapot', -2]] as const; // prettier-ignore
    expect(cut([...LETTERS, ...entries], 'teapot')).toEqual(['▁tea', 'pot']);
  });

  it('reads compatible forms as equal, and a space as the beginning of a word', () => {
    const entries = [...LETTERS, ['▁fine', -1], ['▁tea', -1]] as const; // prettier-ignore
    expect(cut(entries, 'ﬁne  tea')).toEqual(['▁fine', '▁', '▁tea']);
  });

  it('makes one unknown piece of unknown symbols in a row', () => {
    const entries = [['▁', -1], ['a', -1]] as const; // prettier-ignore
    expect(cut(entries, '🎁🎄a🎁')).toEqual(['▁', '?', 'a', '?']);
    expect(cut(entries, '')).toEqual([]);
  });

  it('finds no worse cut than trying all', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 8 });
    const pieces = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 2, maxLength: 3 }));
    fc.assert(
      fc.property(letters, pieces, fc.infiniteStream(fc.integer({ min: -9, max: -1 })), (text, longer, scores) => {
        const entries = ['▁', 'a', 'b', ...longer].map((piece): VocabularyEntry => [piece, scores.next().value]);
        const scoreOf = new Map(entries);
        const best = (rest: string): number =>
          rest === ''
            ? 0
            : Math.max(
                ...entries.map(([piece, score]) =>
                  rest.startsWith(piece) ? score + best(rest.slice(piece.length)) : -Infinity,
                ),
              );
        const found = cut(entries, text);
        expect(found.join('')).toBe(`▁${text}`);
        expect(found.reduce((sum, piece) => sum + scoreOf.get(piece)!, 0)).toBe(best(`▁${text}`));
      }),
      { seed: 1 },
    );
  });
});
