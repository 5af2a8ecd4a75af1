import { itemText } from '../../../models/text/item-text';

describe('itemText', () => {
  it.each([
    [
      { title: 'Red mug', brand: 'Acme', categories: ['Kitchen', 'Mugs'] },
      'Red mug. Brand: Acme. Category: Kitchen, Mugs.',
    ],
    [{ title: 'Red mug' }, 'Red mug.'],
    [{ title: ' Who is it? ', brand: null, categories: [] }, 'Who is it?'],
    [{ title: 'Red mug', brand: '  ', categories: ['', ' Mugs '] }, 'Red mug. Category: Mugs.'],
    [{ title: 'Red mug', brand: 'Acme Inc.' }, 'Red mug. Brand: Acme Inc.'],
    [{ title: '', brand: 'Acme' }, 'Brand: Acme.'],
    [{ title: 'Red mug', description: 'For tea.' }, 'Red mug.'],
    [{ title: ' ', description: ' For tea ', brand: 'Acme' }, 'For tea. Brand: Acme.'],
    [{ title: '', description: 'x'.repeat(301) }, `${'x'.repeat(300)}.`],
    [{ title: '', description: `<div class="long">${'x'.repeat(301)}</div>` }, `${'x'.repeat(300)}.`],
    [{ title: '', description: '<p>For <b>tea</b> &amp; milk</p>' }, 'For tea & milk.'],
    [
      { title: 'Salt &amp; Pepper', brand: 'B&amp;B', categories: ['Home &amp; Garden'] },
      'Salt & Pepper. Brand: B&B. Category: Home & Garden.',
    ],
  ])('writes %j as a sentence a part', (item, text) => {
    expect(itemText(item)).toBe(text);
  });
});
