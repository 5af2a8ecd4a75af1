import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

const entry = (more: object = {}) => ({ listId: 'a list', item: { externalId: 'item-1' }, kind: 'CLICKED', ...more });

describe('FeedbackResolver', () => {
  it('RecordFeedback is a writer’s', async () => {
    const input = { feedback: [entry(), entry({ kind: 'SHOWN' })] };
    const answer = await api.writer.execute(OPERATIONS['record-feedback'], { input });
    expect(answer.expectData().recordFeedback).toEqual({ recorded: 2, userErrors: [] });
    const named = input.feedback.map(({ item, ...rest }) => ({ ...rest, itemExternalId: item.externalId }));
    expect(api.callsOf('recordFeedback')).toEqual([[named, { atomic: true, known: [], user: null }]]);
    expect((await api.reader.execute(OPERATIONS['record-feedback'], { input })).expectErrors()).toEqual(['FORBIDDEN']);
  });

  it('names the malformed entries of a call that takes the correct ones', async () => {
    const input = { feedback: [entry(), entry({ listId: '' })], atomic: false };
    const answer = await api.writer.execute(OPERATIONS['record-feedback'], { input });
    expect(answer.expectData().recordFeedback.userErrors).toMatchObject([{ field: ['feedback', '1', 'listId'] }]);
  });

  it('UndoDismissals is a writer’s', async () => {
    const input = { user: { externalId: 'user-1' }, items: [{ externalId: 'item-1' }, { externalId: 'item-2' }] };
    const answer = await api.writer.execute(OPERATIONS['undo-dismissals'], { input });
    expect(answer.expectData().undoDismissals).toEqual({ undone: 2, userErrors: [] });
    expect(api.callsOf('undoDismissals')).toEqual([['user-1', ['item-1', 'item-2']]]);
  });

  it('gives a list an ID where the request names a placement, and lists what a user has dismissed', async () => {
    const variables = { user: 'user-1', placement: 'home/top', first: 1 };
    const { recommendations } = (await api.reader.execute(OPERATIONS.recommendations, variables)).expectData();
    expect(JSON.parse(recommendations.listId)).toEqual(['home/top', 1, 1, null]);
    const { user } = (await api.reader.execute(OPERATIONS['dismissed-items'], { externalId: 'user-1' })).expectData();
    expect(user.dismissedItems.nodes[0]).toMatchObject({ externalId: 'item-5', title: 'Item 5' });
    const plain = '{ recommendations(history: ["item-1"]) { listId } }';
    expect((await api.reader.execute(plain)).expectData().recommendations.listId).toBeNull();
  });

  it.each(['', 'a b', 'x'.repeat(65), 'ü'])('refuses %p as the name of a placement', async (placement) => {
    const variables = { user: 'user-1', placement };
    expect((await api.reader.execute(OPERATIONS.recommendations, variables)).expectErrors()).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});
