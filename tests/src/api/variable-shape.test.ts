import { variableFault } from '../../../src/api/variable-shape';

const nested = (levels: number, inner: unknown, wrap: (value: unknown) => unknown) => {
  let value = inner;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
};

describe('variableFault', () => {
  it('finds no fault in plain values, short lists and shallow objects', () => {
    expect(variableFault({}, 2)).toBeNull();
    expect(variableFault({ a: null, b: 'text', c: 5, d: [1, 2], e: { f: [{ g: true }] } }, 2)).toBeNull();
  });

  it('finds a list that is too long, however deep it lies', () => {
    expect(variableFault({ a: [1, 2, 3] }, 2)).toBe('expected lists of at most 2 entries, got 3; make several calls');
    expect(variableFault({ a: { b: [[1], [1, 2, 3]] } }, 2)).toBe(
      'expected lists of at most 2 entries, got 3; make several calls',
    );
  });

  it.each([
    ['lists', (value: unknown) => [value]],
    ['objects', (value: unknown) => ({ value })],
  ])('finds %s that are nested more than 64 deep', (_, wrap) => {
    expect(variableFault({ a: nested(64, 1, wrap) }, 2)).toBeNull();
    expect(variableFault({ a: nested(65, 1, wrap) }, 2)).toBe(
      'expected at most 64 levels of lists and objects, got more; send flatter values',
    );
  });

  it('looks at values nested far deeper than the stack would allow', () => {
    expect(variableFault({ a: nested(200_000, 1, (value) => [value]) }, 2)).toContain('64 levels');
  });
});
