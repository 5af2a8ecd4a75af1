import { itemText, withoutEntities, withoutMarkup, itemCategories } from '../../../models/text/item-text';

describe('itemText', () => {
  it.each([
    [
      { title: 'Red mug', brand: 'Acme', categories: ['Kitchen', 'Mugs'] },
      'Red mug. Brand: Acme. Category: Kitchen, Mugs.',
    ],
    [{ title: 'Red mug' }, 'Red mug.'],
    [{ title: 'Red mug', brand: '  ', categories: ['', ' Mugs '] }, 'Red mug. Category: Mugs.'],
    [{ title: 'Red mug', brand: 'Acme Inc.' }, 'Red mug. Brand: Acme Inc.'],
    [{ title: ' ', description: ' For tea ', brand: 'Acme' }, 'For tea. Brand: Acme.'],
    [{ title: '', description: `<div class="long">${'x'.repeat(301)}</div>` }, `${'x'.repeat(300)}.`],
    [
      { title: 'Salt &amp; Pepper', brand: 'B&amp;B', categories: ['Home &amp; Garden'] },
      'Salt & Pepper. Brand: B&B. Category: Home & Garden.',
    ],
  ])('writes %j as a sentence a part', (item, text) => {
    expect(itemText(item)).toBe(text);
  });
});

describe('withoutMarkup', () => {
  it.each([
    ['<div class="a">Red mug</div><p>For\n tea &amp; milk</p>', ' Red mug For tea & milk '],
    ['Red mug<br/>450 ml', 'Red mug 450 ml'],
  ])('reads %j as a reader sees it', (text, plain) => {
    expect(withoutMarkup(text)).toBe(plain);
  });

  it.each(['5 < 6 and  7 > 3', 'I <3 mugs', 'a&b; R&D', ' two  blanks\n', 'x < y', ''])(
    'leaves %j as it is',
    (text) => {
      expect(withoutMarkup(text)).toBe(text);
    },
  );
});

describe('withoutEntities', () => {
  it.each([
    ['Johnson &amp; Johnson', 'Johnson & Johnson'],
    ['12&#34; &#x27;Single&#39;', "12\" 'Single'"],
    ['&nothing; &#0; &#55357; &#9999999; &; &amp', '&nothing; &#0; &#55357; &#9999999; &; &amp'],
    ['&constructor; &toString;', '&constructor; &toString;'],
  ])('reads %j', (text, plain) => {
    expect(withoutEntities(text)).toBe(plain);
  });
});

describe('itemCategories', () => {
  it('takes the first level at which items differ, and the one below', () => {
    const paths = [
      ['Beauty', 'Hair', 'Shampoo'],
      ['Beauty', 'Nails', 'Polish'],
      ['Beauty', 'Hair', 'Combs'],
    ];
    expect(itemCategories(paths)).toEqual([Int32Array.of(0, 1, 0), Int32Array.of(0, 1, 2)]);
  });
});
