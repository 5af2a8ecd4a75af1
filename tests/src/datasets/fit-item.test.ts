import { fitItem } from '../../../src/datasets/registered-items';

const ITEM = { title: 'Pot', description: null, brand: null, categories: ['Kitchen', 'Tea'] };

describe('fitItem', () => {
  it('leaves alone what is as long as the API takes, counted in characters', () => {
    const item = {
      title: '🐯'.repeat(500),
      description: 'd'.repeat(10_000),
      brand: '語'.repeat(200),
      categories: Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(200, 'x')),
    };
    expect(fitItem(item)).toEqual({ item, isCut: false });
    expect(fitItem(ITEM)).toEqual({ item: ITEM, isCut: false });
  });

  it.each([
    ['title', { title: '🐯'.repeat(501) }, { title: '🐯'.repeat(500) }],
    ['description', { description: 'd'.repeat(10_001) }, { description: 'd'.repeat(10_000) }],
    ['brand', { brand: 'b'.repeat(201) }, { brand: 'b'.repeat(200) }],
    ['category', { categories: ['a', 'c'.repeat(300)] }, { categories: ['a', 'c'.repeat(200)] }],
    ['path', { categories: Array(60).fill('c') }, { categories: Array(50).fill('c') }],
  ])('cuts a %s that is too long, and says so', (_, long, cut) => {
    expect(fitItem({ ...ITEM, ...long })).toEqual({ item: { ...ITEM, ...cut }, isCut: true });
  });

  it('leaves out empty names, and calls that no cut', () => {
    expect(fitItem({ ...ITEM, brand: '', categories: ['', 'Tea'] })).toEqual({
      item: { ...ITEM, categories: ['Tea'] },
      isCut: false,
    });
  });
});
