import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('RecommendationResolver', () => {
  it('names the unknown items of the history in the extensions', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1', 'nobody'] });
    expect(answer.expectData().recommendations.nodes).toHaveLength(4);
    expect(answer.extensions).toEqual({ skippedItems: ['nobody'] });
  });

  it('has no extensions when every item is known', async () => {
    const answer = await api.reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    answer.expectData();
    expect(answer.extensions).toEqual({});
  });
});
