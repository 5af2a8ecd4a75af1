import { parseItems } from '../../web/src/pages/items/bulk/parse-items';

describe('parseItems', () => {
  it('reads a CSV file whose columns have other names, with several categories in a cell', () => {
    const [row] = parseItems('SKU,Name,Category,Price,Attributes\nm1," Red, mug ",kitchen|mugs,7.5,"{""size"": 3}"\n');
    expect(row).toMatchObject({
      line: 2,
      error: null,
      item: {
        externalId: 'm1',
        title: 'Red, mug',
        categories: ['kitchen', 'mugs'],
        price: 7.5,
        attributes: { size: 3 },
      },
    });
  });

  it('reads JSONL, and keeps the lines that are no objects apart', () => {
    const rows = parseItems('{"id": "a", "title": "A", "categories": ["x"], "embedding": [1, 2]}\n\n[1]\n{"id"\n');
    expect(rows.map(({ line, error }) => [line, error])).toEqual([
      [1, null],
      [3, 'This line is not a JSON object.'],
      [4, 'This line is not a JSON object.'],
    ]);
    expect(rows[0].item).toMatchObject({ categories: ['x'], embedding: [1, 2] });
  });

  it('says of each faulty row what is wrong with it', () => {
    const rows = parseItems('id,title,price,attributes\n,A,,\nb,,,\nc,C,cheap,\nd,D,,{\ne,E,,\ne,E again,,\n');
    expect(rows.map(({ error }) => error)).toEqual([
      'It has no ID.',
      'b has no title.',
      'c: the price is not a number.',
      'd: the attributes are not JSON.',
      null,
      'e stands in line 6 already.',
    ]);
  });

  it('says which columns the head line lacks', () => {
    expect(parseItems('price,title\n1,A\n')).toEqual([
      { line: 1, item: null, error: 'The first line must name the columns; it lacks externalId.' },
    ]);
    expect(parseItems(' \n')).toEqual([]);
  });
});
