import { itemName } from '../../../../../web/src/components/item-list/item-name';

describe('itemName', () => {
  it('is the title, or the ID of an item without one', () => {
    expect(itemName({ externalId: 'B1', title: 'Red mug' })).toBe('Red mug');
    expect(itemName({ externalId: 'B1', title: '' })).toBe('B1');
    expect(itemName({ externalId: 'B1', title: '  ' })).toBe('B1');
  });
});
