import fc from 'fast-check';

import { DistinctTexts } from '../../../src/datasets/distinct-texts';

describe('DistinctTexts', () => {
  it('numbers texts in the order in which they first appear, as a Map would', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 3 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 3000, size: 'max' }), words, (texts, other) => {
        const distinct = new DistinctTexts();
        const known = new Map<string, number>();
        for (const text of texts) if (!known.has(text)) known.set(text, known.size);
        expect(texts.map((text) => distinct.add(text))).toEqual(texts.map((text) => known.get(text)));
        expect(Array.from({ length: distinct.count }, (_, index) => distinct.at(index))).toEqual([...known.keys()]);
        expect(distinct.has(other)).toBe(known.has(other));
      }),
      { numRuns: 10 },
    );
  });
});
