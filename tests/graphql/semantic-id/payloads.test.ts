import 'reflect-metadata';

import { toReassignmentPayload } from '../../../graphql/semantic-id/payloads';

const RECORD = { changes: [], baseVersion: 7, catalogueVersion: null, userErrors: [] };

describe('toReassignmentPayload', () => {
  it('counts each list of items', () => {
    const impact = { collisionsMade: [3], collisionsSolved: [], similarItemsChanged: [5, 6] };
    expect(toReassignmentPayload({ ...RECORD, impact })).toEqual({
      ...RECORD,
      impact: {
        collisionsMade: { count: 1, itemIds: [3] },
        collisionsSolved: { count: 0, itemIds: [] },
        similarItemsChanged: { count: 2, itemIds: [5, 6] },
      },
    });
  });

  it('has no impact where nothing could be planned', () => {
    expect(toReassignmentPayload({ ...RECORD, impact: null }).impact).toBeNull();
  });
});
