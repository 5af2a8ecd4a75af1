import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('CatalogueResolver', () => {
  it('Catalogue asks for as many collision groups as it shows', async () => {
    const { catalogue } = (await api.reader.execute(OPERATIONS.catalogue)).expectData();
    expect(api.callsOf('largestCollisionGroups')).toEqual([[5]]);
    const { levels, collisions, ...counts } = catalogue;
    const summary = { itemCount: 6, tokenizedItemCount: 6, userCount: 100, interactionCount: 200 };
    expect(counts).toEqual({ version: 7, ...summary });
    expect(levels).toEqual([{ level: 0, size: 4, usedCodes: 3, perplexity: 3, histogram: [0, 2, 2, 2] }]);
    expect(collisions).toMatchObject({ collidingItemCount: 2, largestGroups: [{ codes: [1, 7], itemCount: 2 }] });
  });
});
