import { faultyRows, parseItems, unreadNames } from '../../../../../../web/src/pages/items/bulk/parse-items';

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

  it('reads stock, dates and addresses, and says which cell has none', () => {
    const rows = parseItems(
      'id,title,availability,available_from,image_link,item_group_id\na,A,in stock,2026-12-01,https://a.example/a.png,g\n' +
        'b,B,soon,,,\nc,C,,someday,,\n',
    );
    expect(rows[0].item).toMatchObject({
      ...{ availability: 'IN_STOCK', availableFrom: '2026-12-01T00:00:00.000Z' },
      ...{ imageUrl: 'https://a.example/a.png', groupId: 'g' },
    });
    expect(rows.slice(1).map(({ error }) => error)).toEqual([
      'b: availability is not one of IN_STOCK, PREORDER, OUT_OF_STOCK.',
      'c: available from is not a date and time such as 2026-12-01T08:30Z.',
    ]);
  });

  it('reads the vector of an item out of a cell, and says which cell has none', () => {
    const rows = parseItems('id,title,embedding\na,A,"[0.5, -1]"\nb,B,\nc,C,0.5 1\nd,D,"[1, ""x""]"\n');
    expect(rows.map(({ item, error }) => item?.embedding ?? error)).toEqual([
      [0.5, -1],
      null,
      'c: the embedding is not a list of numbers.',
      'd: the embedding is not a list of numbers.',
    ]);
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
      'c: price is not a number such as 1234.50.',
      'd: attributes is not JSON.',
      null,
      'e stands in line 6 already.',
    ]);
  });

  it.each([
    ['CSV', 'id,title,price\na,A,cheap\na,A,1\n,B,\n,C,\n'],
    ['JSONL', '{"id":"a","title":"A","price":"cheap"}\n{"id":"a","title":"A"}\n{"title":"B"}\n{"title":"C"}'],
  ])('names a repeat of an ID whose first row has a fault (%s)', (_, text) => {
    const [{ line }, ...rows] = parseItems(text);
    expect(rows.map(({ item, error }) => [item, error])).toEqual([
      [null, `a stands in line ${line} already.`],
      [null, 'It has no ID.'],
      [null, 'It has no ID.'],
    ]);
  });

  it('takes nothing for a text that would be read as `[object Object]`', () => {
    const rows = parseItems(
      [
        { id: 'a', title: { en: 'A' } },
        { id: 'b', title: 'B', brand: { name: 'North' } },
        { id: 'c', title: 'C', categories: [{ name: 'mugs' }] },
        { id: 'd', title: 'D', categories: [['kitchen', 'mugs']] },
        { id: { sku: 1 }, title: 'E' },
        { id: 6, title: 7, brand: null, categories: 'mugs' },
      ]
        .map((row) => JSON.stringify(row))
        .join('\n'),
    );
    expect(rows.map(({ error }) => error)).toEqual([
      'a: title is not a text.',
      'b: brand is not a text.',
      'c: categories is not a list of texts.',
      'd: categories is not a list of texts.',
      'It has no ID.',
      null,
    ]);
    expect(rows[5].item).toMatchObject({ externalId: '6', title: '7', categories: ['mugs'] });
  });

  it('says which columns the head line lacks', () => {
    expect(parseItems('price,title\n1,A\n')).toEqual([
      { line: 1, item: null, error: 'The first line must name the columns; it lacks id.' },
    ]);
    expect(parseItems(' \n')).toEqual([]);
  });

  it('says of a file of another kind what to do with it', () => {
    const errorOf = (text: string) => parseItems(text).map(({ line, error }) => `${line}: ${error}`);
    expect(errorOf('[{"id": "a", "title": "A"}]')).toEqual([
      '1: This is one JSON array. Write each object in a line of its own, without the brackets.',
    ]);
    expect(errorOf('id,title\n')).toEqual(['2: There is no item below the line that names the columns.']);
    expect(errorOf('id,title\na,Red, mug\nb,B\n')).toEqual([
      '2: It has more cells than the first line names. A cell with a comma needs quotation marks around it.',
      '3: null',
    ]);
    expect(errorOf('id,title\na,A\nb,"B\nc,C\n')).toEqual([
      '2: null',
      '3: A quotation mark opens here that no other closes, so all below it is one cell.',
    ]);
  });

  it('counts the rows below the head, however many lines a cell has', () => {
    const text = ['id,title', 'a,"A', 'over two"', 'b,B', ''].join('\n');
    expect(parseItems(text).map(({ line, error }) => [line, error])).toEqual([
      [2, null],
      [3, null],
    ]);
  });

  it('takes a point or a comma before the decimals of a price, and refuses what can mean two', () => {
    const rows = parseItems('id;title;Price\na;A, large;7,50\nb;B;7.50\nc;C;1.299\nd;D;1.234,50\n');
    const fault = (id: string) => `${id}: price is not a number such as 1234.50.`;
    expect(rows.map(({ item, error }) => item?.price ?? error)).toEqual([7.5, 7.5, fault('c'), fault('d')]);
    expect(rows[0].item?.title).toBe('A, large');
    expect(parseItems('id,title,price\na,A,1.250\n')[0].item?.price).toBe(1.25); // as dinars are written
  });

  it('refuses an ID that loses its last digits', () => {
    const errorOf = (line: string) => parseItems(line)[0].error;
    expect(errorOf('{"id": 12345678901234567890, "title": "A"}')).toMatch('write the ID in quotation marks');
    expect(errorOf('{"id": "12345678901234567890", "title": "A"}')).toBeNull();
    expect(parseItems('id,title\n12345678901234567890,A\n')[0].item?.externalId).toBe('12345678901234567890');
  });
});

describe('unreadNames', () => {
  it('names the columns, and the fields of the first object, that no item has', () => {
    expect(unreadNames('SKU;Name; Prise ;"Colour, main";\na;A;1;red;\n')).toEqual([' Prise ', 'Colour, main']);
    expect(unreadNames('\n{"id": "a", "title": "A", "prise": 1}\n{"id"\n')).toEqual(['prise']);
    expect(unreadNames('{"id"')).toEqual([]);
    expect(unreadNames('[{"id": "a", "prise": 1}]')).toEqual([]);
    expect(unreadNames('')).toEqual([]);
  });
});

describe('faultyRows', () => {
  /** @returns What somebody downloads who brought the text. */
  const downloadOf = (text: string) => faultyRows(parseItems(text).filter(({ error }) => error !== null));

  it('has the rows with a fault as they stood, with what is wrong, so that a mended one can be brought again', () => {
    const text = 'id;title;price\na;Mug;1\nb;"Two\nlines, or more";£5\nc;Bowl;2\na;"Mug ""again""";3\n';
    expect(downloadOf(text).split('\r\n')).toEqual([
      'id,title,price,problem',
      'b,"Two\nlines, or more",£5,b: price is not a number such as 1234.50.',
      'a,"Mug ""again""",3,a stands in line 2 already.',
    ]);
  });

  it('has JSON lines of JSON lines', () => {
    expect(downloadOf('{"id":"a","title":"Mug"}\n{"id":"b"}\n{"id":\n')).toBe(
      '{"id":"b","problem":"b has no title."}\n{"id":\n',
    );
  });
});
