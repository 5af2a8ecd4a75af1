import 'reflect-metadata';

import { FirstInput } from '../../../graphql/common/first-input';
import type { Context } from '../../../graphql/context';
import { ItemSetResolver } from '../../../graphql/item/item-set-resolver';

describe('ItemSetResolver', () => {
  it('gives as many items as are asked for, and 10 when no number is given', async () => {
    const context = { loaders: { item: async (id: number) => ({ id }) } } as unknown as Context;
    const itemIds = Array.from({ length: 12 }, (_, i) => i + 1);
    const firstItems = async (first?: number) => {
      const items = await new ItemSetResolver().items({ itemIds }, Object.assign(new FirstInput(), { first }), context);
      return items.map((item) => (item as { readonly id: number }).id);
    };
    expect(await firstItems(2)).toEqual([1, 2]);
    expect(await firstItems()).toEqual(itemIds.slice(0, 10));
    expect(await firstItems(0)).toEqual([]);
  });
});
