import { countTerms, tellingTerms } from '../../../src/semantic-ids/shelf-names';

const items = (n: number, title: string, category: string, brand: string | null = null) =>
  Array.from({ length: n }, () => ({ title, brand, categories: [category] }));

describe('tellingTerms', () => {
  it('prefers what the others do not have to what is frequent in both', () => {
    // All 100 items are gifts: that is as frequent in the shelf as in the others.
    const lamps = items(20, 'Paper lantern', 'Gifts').concat(items(10, 'Lamp', 'Gifts'));
    const others = items(70, 'Glass bowl', 'Gifts');
    const [own, parent] = [countTerms(lamps), countTerms([...lamps, ...others])];
    expect(tellingTerms(own, parent, 3)).toEqual(['lantern', 'paper', 'lamp']);
    expect(tellingTerms(countTerms(others), parent, 2)).toEqual(['bowl', 'glass']);
  });

  it('has a term once that a category, a brand and a word all say', () => {
    const mugs = items(9, 'Red mug', 'Mugs', 'MUGS');
    const parent = countTerms([...mugs, ...items(30, 'Green plate', 'Plates')]);
    expect(tellingTerms(countTerms(mugs), parent, 5)).toEqual(['MUGS', 'red']);
  });

  it('ranks by the log-odds in standard deviations', () => {
    // "rare": 2 of 2 in the parent; "common": 40 of 50. By the ratio alone the rare one would lead.
    const shelf = [...items(2, 'rare', 'x'), ...items(40, 'common', 'x')];
    const parent = [...shelf, ...items(10, 'common', 'y'), ...items(200, 'other', 'y')];
    expect(tellingTerms(countTerms(shelf), countTerms(parent), 3)).toEqual(['x', 'common', 'rare']);
  });

  it('says nothing where nothing tells the items apart', () => {
    const all = items(40, 'Red mug', 'Mugs');
    expect(tellingTerms(countTerms(all.slice(0, 20)), countTerms(all), 5)).toEqual([]);
  });
});
