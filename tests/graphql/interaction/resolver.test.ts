import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('InteractionResolver', () => {
  it('RecordInteractions is a writer’s, and answers the users’ next recommendations', async () => {
    const interactions = [
      { user: { externalId: 'user-1' }, item: { externalId: 'item-1' }, occurredAt: '2024-05-06T07:08:09Z' },
    ];
    const answer = await api.writer.execute(OPERATIONS['record-interactions'], {
      input: { interactions },
      withRecommendations: true,
    });
    expect(answer.expectData().recordInteractions).toMatchObject({ recorded: 1, userErrors: [] });
    expect(answer.data.recordInteractions.users[0].recommendations.nodes).toHaveLength(4);
    const occurredAt = new Date('2024-05-06T07:08:09Z');
    expect(api.callsOf('recordInteractions')).toEqual([
      [
        [{ isOwnEventId: false, userExternalId: 'user-1', itemExternalId: 'item-1', kind: 'PURCHASE', occurredAt }],
        ...[true, []],
      ],
    ]);
  });
});
