import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('SemanticIdResolver', () => {
  it('ReassignSemanticIds hands over rows for IDs', async () => {
    const input = { assignments: [{ itemId: toGlobalId('Item', 1), codes: [3, 3] }], dryRun: true };
    const answer = (await api.admin.execute(OPERATIONS['reassign-semantic-ids'], { input })).expectData();
    expect(answer.reassignSemanticIds).toEqual({
      changeCount: 1,
      changes: [
        {
          item: { id: toGlobalId('Item', 1), externalId: 'item-1', title: 'Item 1' },
          before: [1, 7, 0],
          after: [3, 3, 0],
        },
      ],
      impact: {
        collisionsMade: { count: 1, items: [{ id: toGlobalId('Item', 1), externalId: 'item-1' }] },
        collisionsSolved: { count: 0, items: [] },
        similarItemsChanged: {
          count: 2,
          items: [
            { id: toGlobalId('Item', 1), externalId: 'item-1' },
            { id: toGlobalId('Item', 2), externalId: 'item-2' },
          ],
        },
      },
      baseVersion: 7,
      catalogueVersion: null,
      userErrors: [],
    });
    expect(api.callsOf('reassignSemanticIds')).toMatchObject([
      [{ assignments: [{ itemId: 1, codes: [3, 3] }], dryRun: true }, []],
    ]);
  });

  it('UndoReassignment hands over the version, and undoes unless told otherwise', async () => {
    const input = { catalogueVersion: 8 };
    const answer = (await api.admin.execute(OPERATIONS['undo-reassignment'], { input })).expectData();
    expect(answer.undoReassignment).toMatchObject({ catalogueVersion: 9, changes: [{ after: [1, 7, 0] }] });
    await api.admin.execute(OPERATIONS['undo-reassignment'], {
      input: { ...input, dryRun: true, ifCatalogueVersion: 8 },
    });
    expect(api.callsOf('undoReassignment')).toEqual([
      [8, false, null],
      [8, true, 8],
    ]);
  });
});
