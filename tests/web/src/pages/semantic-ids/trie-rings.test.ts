import { trieRings } from '../../../../../web/src/pages/semantic-ids/trie-rings';

describe('trieRings', () => {
  it('makes a ring of each code, named by its most frequent category, and one of the codes below it', () => {
    const rings = trieRings([
      {
        codes: [4],
        itemCount: 3,
        terms: ['mugs', 'lamps'],
        items: { nodes: [{ id: 'a', externalId: 'a', title: 'Red mug' }] },
        children: { nodes: [{ codes: [4, 7], itemCount: 2 }] },
      },
    ]);
    expect(rings).toEqual([
      {
        name: '4 mugs',
        title: '4 · among them mugs, lamps · Red mug',
        codes: [4],
        value: 3,
        children: [{ name: '7', title: '4 7', codes: [4, 7], value: 2 }],
      },
    ]);
  });
});
