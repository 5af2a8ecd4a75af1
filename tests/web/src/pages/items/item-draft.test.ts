import { draftErrors, draftOf, patchOf } from '../../../../../web/src/pages/items/item-draft';

/** As a browser has read `{"gtin": 9007199254740993}`: the last digit is another one. */
const ATTRIBUTES = JSON.parse('{"gtin": 9007199254740993, "size": 3}') as unknown;

const before = draftOf({
  id: 'i',
  externalId: 'mug',
  title: 'Mug',
  brand: null,
  description: 'Red',
  categories: ['kitchen'],
  price: 7.5,
  attributes: ATTRIBUTES,
} as never);

describe('patchOf', () => {
  it('sends the changed fields alone', () => {
    expect(patchOf('i', before, { ...before, price: '1299.50' })).toEqual({ item: { id: 'i' }, price: 1299.5 });
    expect(patchOf('i', before, { ...before, description: ' ', categories: [] })).toEqual({
      item: { id: 'i' },
      description: null,
      categories: [],
    });
    expect(patchOf('i', before, before)).toEqual({ item: { id: 'i' } });
  });

  it('does not write attributes again that nobody touched', () => {
    expect(patchOf('i', before, { ...before, title: 'Red mug' })).toEqual({ item: { id: 'i' }, title: 'Red mug' });
    expect(draftErrors(before, before)).toEqual({});
  });
});

describe('draftErrors', () => {
  it('refuses attributes that are no JSON', () => {
    expect(draftErrors({ ...before, attributes: '{' }, before).attributes).toBe('This is not JSON.');
  });

  it('refuses a price that is none, and looks at none that did not change', () => {
    expect(draftErrors({ ...before, price: 'odd' }, before).price).toContain('Write a price such as');
    expect(draftErrors({ ...before, price: 'odd' }, { ...before, price: 'odd' })).toEqual({});
  });

  it('takes an item without a title, as an import may bring it, when that is not what changes', () => {
    const untitled = { ...before, title: '' };
    expect(draftErrors({ ...untitled, price: '3' }, untitled)).toEqual({});
    expect(draftErrors({ ...before, title: ' ' }, before)).toEqual({ title: 'An item needs a title.' });
  });
});
