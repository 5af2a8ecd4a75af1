import { PrefixReads } from '../../../src/semantic-ids/prefix-reads';
import { bestShelves, partsOf, TextShelfFinder } from '../../../src/semantic-ids/text-shelves';
import { add, describeCatalogue, opened, retireModels } from '../../support/catalogue-suite';
import { createFakeAssigner } from '../../support/fake-assigner';

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

describe('bestShelves', () => {
  it('takes the shelves that have most of the items and few others', () => {
    // Of 10 items 5 are on the shelf 1 2, which has 6; 6 are on 1, which has 60; 3 are on 4, and 1 is alone.
    const ids = [...Array(5).fill([1, 2, 0]), [1, 3, 0], ...Array(3).fill([4, 0, 0]), [7, 7, 0]] as number[][];
    const shelf = (itemCount: number, ...codes: number[]) => ({ codes, itemCount });
    const shelves = [shelf(60, 1), shelf(6, 1, 2), shelf(20, 1, 3), shelf(9, 4), shelf(5, 4, 0), shelf(4, 7)];
    expect(bestShelves(ids, shelves)).toEqual([
      [1, 2],
      [4, 0],
    ]);
  });
});

describeCatalogue('TextShelfFinder', () => {
  it('finds the shelves of the nearest items, and none where these lie far apart', async () => {
    const titles = [...Array.from({ length: 4 }, () => '#0.1'), '#0.2', '#1.3', '#2.1', '#3.0'];
    const items = await add(...titles.map((codes, i) => ({ externalId: `${i}`, title: `${codes} x` })));
    const near = (...places: number[]) => Int32Array.from(places, (place) => items[place].id);
    const asked: number[] = [];
    const nearTexts = async (vectors: readonly Float32Array[], size: number) => {
      asked.push(vectors.length, size);
      return [near(0, 1, 2, 5), near(4, 5, 6, 7)];
    };
    const prefixes = new PrefixReads(opened.database.read);
    const finder = new TextShelfFinder({ assigner: createFakeAssigner(), prefixes, nearTexts });
    expect(await finder.find('mugs, no cups')).toEqual([
      { text: 'mugs', isLess: false, prefixes: [[0, 1]] },
      { text: 'cups', isLess: true, prefixes: [] },
    ]);
    expect(asked).toEqual([2, 6]);
    await retireModels();
    expect(await finder.find('mugs')).toBeNull();
  });
});
