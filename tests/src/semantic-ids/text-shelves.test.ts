import { PrefixReads } from '../../../src/semantic-ids/prefix-reads';
import { partsOf, TextShelfFinder } from '../../../src/semantic-ids/text-shelves';
import { add, describeCatalogue, opened, retireModels } from '../../support/catalogue-suite';
import { createFakeAssigner, FAKE_DIMS } from '../../support/fake-assigner';

describe('partsOf', () => {
  it.each([
    ['outdoor, no glass', ['+outdoor', '-glass']],
    ['garden lamps without glass; less red and more wood', ['+garden lamps', '-glass', '-red', '+wood']],
    ['Not plastic but nothing blue', ['-plastic', '+nothing blue']],
    ['notebooks', ['+notebooks']],
    [' , ', []],
  ])('reads "%s"', (text, expected) => {
    expect(partsOf(text).map(({ isLess, text }) => (isLess ? '-' : '+') + text)).toEqual(expected);
  });
});

describeCatalogue('TextShelfFinder', () => {
  const finder = (dims = FAKE_DIMS) => {
    const { read: client } = opened.database;
    const fake = createFakeAssigner();
    const assigner = { ...fake, encode: async (items: never) => ({ ...(await fake.encode(items)), dims }) };
    return new TextShelfFinder({ client, assigner, prefixes: new PrefixReads(client) });
  };

  it('finds the longest prefix with enough items, else the first code, and none where no item is', async () => {
    const titles = [...Array.from({ length: 4 }, () => '#0.1'), '#0.2', '#1.3'];
    await add(...titles.map((codes, i) => ({ externalId: `${i}`, title: `${codes} x` })));
    expect(await finder().find('#0.1 mugs, no #0.2 cups, #1.3 z, #3.3 w')).toEqual([
      { text: '#0.1 mugs', isLess: false, prefixes: [[0, 1]] },
      { text: '#0.2 cups', isLess: true, prefixes: [[0]] },
      { text: '#1.3 z', isLess: false, prefixes: [[1]] },
      { text: '#3.3 w', isLess: false, prefixes: [] },
    ]);
  });

  it('finds nothing without a tokenizer that reads texts', async () => {
    expect(await finder(16).find('#0.1 mugs')).toBeNull();
    await retireModels();
    expect(await finder().find('#0.1 mugs')).toBeNull();
  });
});
