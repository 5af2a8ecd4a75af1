import { formatTable } from '../../../src/commands/text-table';

describe('formatTable', () => {
  it('sets numbers flush right, texts flush left and null as a dash', () => {
    const table = formatTable(
      ['rank', 'item', 'price'],
      [
        [1, 'Teapot', 12.5],
        [10, 'Mug', null],
      ],
    );
    expect(table).toBe(['rank  item    price', '   1  Teapot   12.5', '  10  Mug         –'].join('\n'));
  });

  it.each([['a line end', 'Tea\r\npot']])('prints a blank for %s', (_, title) => {
    expect(formatTable(['item', 'price'], [[title, 1]])).toBe('item     price\nTea pot      1');
  });

  it('prints the header alone when there are no rows', () => {
    expect(formatTable(['a', 'b'], [])).toBe('a  b');
  });
});
