import { printSemanticId } from '../../../models/semantic-id/semantic-ids';

describe('printSemanticId', () => {
  it('writes a letter a level', () => {
    expect(printSemanticId([12, 24, 52, 0])).toBe('<a_12><b_24><c_52><d_0>');
  });

  it('refuses more levels than letters', () => {
    expect(printSemanticId(new Array<number>(26).fill(0))).toMatch(/<z_0>$/);
    expect(() => printSemanticId(new Array<number>(27).fill(0))).toThrow('expected at most 26 entries, got 27');
  });
});
