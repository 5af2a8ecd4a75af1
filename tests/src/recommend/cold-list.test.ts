import fc from 'fast-check';

import { KnownItems } from '../../../models/checkpoint/known-items';
import { ColdList } from '../../../src/recommend/cold-list';

const ITEM = fc.integer({ min: 1, max: 20 });
const CHANGES = fc.array(fc.record({ itemId: ITEM, isLive: fc.boolean() }));

describe('ColdList', () => {
  it('has the live items that the model has not learned, ascending, after any changes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(ITEM), fc.uniqueArray(ITEM), CHANGES, (known, first, changes) => {
        const [live, list] = [new Set(first), new ColdList(KnownItems.from(Int32Array.from(known)), first)];
        for (const { itemId, isLive } of changes) {
          if (isLive) {
            live.add(itemId);
            list.add(itemId);
          } else {
            live.delete(itemId);
            list.remove(itemId);
          }
        }
        const cold = [...live].filter((itemId) => !known.includes(itemId)).sort((a, b) => a - b);
        expect([...list.ascending()]).toEqual(cold);
      }),
      { seed: 1 },
    );
  });
});
