import { parseValue } from '../../../src/storage/item-columns';

describe('parseValue', () => {
  it('makes times and JSON of their texts', () => {
    expect(parseValue('TIMESTAMP', '2024-03-01T12:00:00.000Z')).toEqual(new Date(Date.UTC(2024, 2, 1, 12)));
    expect(parseValue('JSONB', '{"a":[1]}')).toEqual({ a: [1] });
    expect(parseValue('JSONB', 'null')).toBeNull();
  });

  it('leaves other values as they are, and null in every column', () => {
    expect(parseValue('TEXT', '2024-03-01')).toBe('2024-03-01');
    expect(parseValue('DOUBLE PRECISION', 1.5)).toBe(1.5);
    for (const type of ['TIMESTAMP', 'JSONB', 'TEXT'] as const) expect(parseValue(type, null)).toBeNull();
  });
});
