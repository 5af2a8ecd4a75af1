import { searchText } from '../../../src/storage/item-columns';

describe('searchText', () => {
  it('makes titles equal that differ in case alone', () => {
    expect(searchText('Red LÄMP')).toBe(searchText('rEd lämp'));
  });

  it.each(['%', '_', '\\'])('has a stand-in for the wildcard %s, and another for each', (wildcard) => {
    const text = searchText(`a${wildcard}b`);
    expect(text).not.toMatch(/[%_\\]/);
    expect(text).toHaveLength(3);
    expect(new Set(['%', '_', '\\'].map(searchText)).size).toBe(3);
  });
});
