import fc from 'fast-check';

import { fuse, type Candidates } from '../../../models/decoding/fusion';

/** The decoder found items 1 and 2. The item head ranks 2 and 3, and also knows 1. */
const CANDIDATES = candidates({ 1: 0.5, 2: 0.25 }, { 1: 0.01, 2: 0.3, 3: 0.4 }, [3, 2]);

function candidates(
  decoder: Readonly<Record<number, number>>,
  itemHead: Readonly<Record<number, number>>,
  ranked: readonly number[],
): Candidates {
  const log = (itemId: number) => (itemId in itemHead ? Math.log(itemHead[itemId]) : null);
  return {
    decoder: Object.entries(decoder)
      .map(([itemId, p]) => ({
        itemId: Number(itemId),
        score: Math.log(p),
        codes: [0, 0],
        logProbabilities: [Math.log(p), 0],
      }))
      .sort((a, b) => b.score - a.score),
    itemHead: ranked,
    itemHeadScore: log,
  };
}

describe('fuse', () => {
  it('mixes the probabilities, and tells which head gave more', () => {
    const fused = fuse(CANDIDATES, 0.6);
    // 1: .4 · .5 + .6 · .01 = .206; 2: .4 · .25 + .6 · .3 = .28; 3: .6 · .4 = .24
    expect(fused.map(({ itemId, score }) => [itemId, Math.exp(score)])).toEqual([
      [2, expect.closeTo(0.28, 12)],
      [3, expect.closeTo(0.24, 12)],
      [1, expect.closeTo(0.206, 12)],
    ]);
    expect(fused.map(({ source }) => source)).toEqual(['ITEM_HEAD', 'ITEM_HEAD', 'GENERATED']);
    const itemHeadScore = Math.log(0.4);
    expect(fused[1]).toMatchObject({ decoderScore: null, itemHeadScore, codes: [], logProbabilities: [] });
    const explained = { decoderScore: Math.log(0.5), codes: [0, 0], logProbabilities: [Math.log(0.5), 0] };
    expect(fused[2]).toMatchObject({ ...explained, itemHeadScore: Math.log(0.01) });
  });

  it('names the decoder when both heads give the same', () => {
    expect(fuse(candidates({ 1: 0.5 }, { 1: 0.5 }, [1]), 0.5)[0].source).toBe('GENERATED');
  });

  it("gives the decoder's list as it is for a share of 0", () => {
    const fused = fuse(CANDIDATES, 0);
    expect(fused.map(({ itemId, source }) => [itemId, source])).toEqual([
      [1, 'GENERATED'],
      [2, 'GENERATED'],
    ]);
    fused.forEach(({ score, decoderScore }) => expect(score).toBeCloseTo(decoderScore!, 12));
  });

  it('is the decoder alone for a model without an item head, whatever the share', () => {
    const fused = fuse({ ...CANDIDATES, itemHead: null, itemHeadScore: () => null }, 0.5);
    expect(fused.map(({ itemId, source }) => [itemId, source])).toEqual([[1, 'GENERATED'], [2, 'GENERATED']]); // prettier-ignore
  });

  it('gives every candidate once, best first, each with a finite score, for any share that is tried', () => {
    const probability = fc.double({ min: 1e-30, max: 1, noNaN: true });
    const head = fc.dictionary(fc.nat(12).map(String), probability, { minKeys: 1 });
    const share = fc.constantFrom(0, 0.1, 0.5, 0.98);
    fc.assert(
      fc.property(head, head, share, (decoder, itemHead, share) => {
        const ranked = Object.keys(itemHead).map(Number);
        const fused = fuse(candidates(decoder, itemHead, ranked), share);
        const expected = new Set([...Object.keys(decoder).map(Number), ...(share > 0 ? ranked : [])]);
        expect(fused.map(({ itemId }) => itemId).sort()).toEqual([...expected].sort());
        const scores = fused.map(({ score }) => score);
        expect(scores.every(Number.isFinite)).toBe(true);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    );
  });
});
