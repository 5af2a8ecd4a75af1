import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';

const api = serveFakeApi();

describe('NodeResolver', () => {
  it('fetches again by global ID, in order, with null for what is not there', async () => {
    const ids = [
      toGlobalId('TrainingJob', 1),
      toGlobalId('Item', 99),
      toGlobalId('User', 1),
      'nonsense',
      toGlobalId('ModelVersion', 1),
      toGlobalId('Item', 4),
      toGlobalId('ApiKey', 1),
    ];
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Item { title } } }';
    const { nodes } = (await api.reader.execute(document, { ids })).expectData();
    expect(nodes).toEqual([
      { __typename: 'TrainingJob', id: ids[0] },
      null,
      { __typename: 'User', id: ids[2] },
      null,
      { __typename: 'ModelVersion', id: ids[4] },
      { __typename: 'Item', id: ids[5], title: 'Item 4' },
      null,
    ]);
  });
});
