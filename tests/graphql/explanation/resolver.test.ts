import 'reflect-metadata';

import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('WhyNotResolver', () => {
  const ask = (variables: Readonly<Record<string, unknown>>) => api.reader.execute(OPERATIONS['why-not'], variables);

  it('hands over whose list is meant, and shows where the beam dropped the item', async () => {
    const { whyNot } = (await ask({ user: 'user-2', history: ['item-1'], item: 'item-5', first: 3 })).expectData();
    expect(api.callsOf('whyNot')).toMatchObject([[{ userId: 2, history: ['item-1'] }, { first: 3 }, 'item-5', {}]]);
    expect(whyNot).toMatchObject({
      reasons: ['FILTER', 'BEAM'],
      rank: 12,
      item: { externalId: 'item-5' },
      beam: { level: 1, prefix: { itemCount: expect.any(Number) } },
      wouldHelp: [{ change: 'WIDER_BEAM' }],
    });
    expect((await ask({ item: 'nobody' })).expectData().whyNot).toBeNull();
  });
});
