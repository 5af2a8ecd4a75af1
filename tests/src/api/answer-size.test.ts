import { isWithin } from '../../../src/api/answer-size';

describe('isWithin', () => {
  // 'a' and its signs are 5 bytes, the text 'xx' and its signs are 6.
  it('adds up names and texts with their signs', () => {
    expect(isWithin(11, { a: 'xx' })).toBe(true);
    expect(isWithin(10, { a: 'xx' })).toBe(false);
  });

  it.each([[1], [true], [null], [undefined], [new Date(0)]])('counts 8 bytes for %p', (value) => {
    expect([isWithin(8, value), isWithin(7, value)]).toEqual([true, false]);
  });

  it('looks into lists and objects at any depth', () => {
    expect(isWithin(29, { a: [{ b: 1 }, 'xxxx'] })).toBe(true); // 5 + 5 + 8 + 8
    expect(isWithin(25, { a: [{ b: 1 }, 'xxxx'] })).toBe(false);
  });

  it('is close to the length of the JSON text', () => {
    const answer = { items: Array.from({ length: 100 }, (_, i) => ({ id: `item ${i}`, title: 'A mug', price: 12.5 })) };
    const length = JSON.stringify(answer).length;
    expect(isWithin(length * 1.5, answer)).toBe(true);
    expect(isWithin(length / 1.5, answer)).toBe(false);
  });
});
