import fc from 'fast-check';

import { compareSemanticIds, parseSemanticId, printSemanticId } from '../../../models/semantic-id/semantic-ids';

const semanticId = fc.array(fc.nat({ max: 65_535 }), { minLength: 1, maxLength: 26 });

describe('printSemanticId', () => {
  it('writes a letter a level', () => {
    expect(printSemanticId([12, 24, 52, 0])).toBe('<a_12><b_24><c_52><d_0>');
  });

  it('refuses more levels than letters', () => {
    expect(() => printSemanticId(new Array<number>(27).fill(0))).toThrow('expected at most 26 entries, got 27');
  });
});

describe('parseSemanticId', () => {
  it('reads what was printed', () => {
    fc.assert(fc.property(semanticId, (id) => expect(parseSemanticId(printSemanticId(id))).toEqual(id)));
  });

  it.each([
    ['', 'expected entries such as <a_12><b_3>, got ""'],
    ['a_1', 'got "a_1"'],
    ['<a_1> <b_2>', 'got "<a_1> <b_2>"'],
    ['<a_1><c_2>', 'expected <b_CODE> at level 1, got <c_2>'],
    ['<a_01>', 'expected <a_CODE> at level 0, got <a_01>'],
    ['<a_-1>', 'got <a_-1>'],
    ['<a_1><b_2', 'got "<a_1><b_2"'],
  ])('refuses %j', (text, message) => {
    expect(() => parseSemanticId(text)).toThrow(message);
    expect(() => parseSemanticId(text)).toThrow(SyntaxError);
  });
});

describe('compareSemanticIds', () => {
  it('orders by the first code that differs, prefixes first', () => {
    const sorted = [[1], [1, 2], [1, 10], [2, 0]];
    expect([sorted[2], sorted[3], sorted[1], sorted[0]].sort(compareSemanticIds)).toEqual(sorted);
    expect(compareSemanticIds([3, 1], [3, 1])).toBe(0);
  });
});
